/// The whole way as its users see it.
@org.jspecify.annotations.NullMarked
package minewatch.demo;
