/// What finding and updating a flow costs.
@org.jspecify.annotations.NullMarked
package minewatch.bench.flow;
