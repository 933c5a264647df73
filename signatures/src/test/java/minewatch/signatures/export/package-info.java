@org.jspecify.annotations.NullMarked
package minewatch.signatures.export;
