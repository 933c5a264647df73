/// A real browser for tests of the console's pages.
@org.jspecify.annotations.NullMarked
package minewatch.testkit.browser;
