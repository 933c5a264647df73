/// What sensor and collector say to each other: the protocol (`src/main/proto`), the hit record and
/// its JSON form.
@org.jspecify.annotations.NullMarked
package minewatch.feed;
