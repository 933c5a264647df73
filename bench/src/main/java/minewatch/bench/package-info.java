/// Benchmarks, with the sensor's room names. They report; they do not gate.
@org.jspecify.annotations.NullMarked
package minewatch.bench;
