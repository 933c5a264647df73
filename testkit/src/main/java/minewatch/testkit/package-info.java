/// What tests of several modules share: packet and capture builders. Test scope only.
@org.jspecify.annotations.NullMarked
package minewatch.testkit;
