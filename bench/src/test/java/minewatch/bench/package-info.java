@org.jspecify.annotations.NullMarked
package minewatch.bench;
