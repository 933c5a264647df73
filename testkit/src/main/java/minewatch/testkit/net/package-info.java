/// Networks that tests make for themselves: interfaces, cables, and frames sent over them. They are
/// gone with the test, and nobody else sees them. Linux, and the right to make them: root, or
/// `unshare -rn` around the test run.
@NullMarked
package minewatch.testkit.net;

import org.jspecify.annotations.NullMarked;
