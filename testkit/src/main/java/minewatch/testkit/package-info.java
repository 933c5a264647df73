/// What tests of several modules build their worlds from: packets, captures, certificates. Test
/// scope only.
@org.jspecify.annotations.NullMarked
package minewatch.testkit;
