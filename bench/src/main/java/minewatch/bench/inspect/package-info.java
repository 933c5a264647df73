/// What inspection costs: whole workers, signatures and endpoints included.
@org.jspecify.annotations.NullMarked
package minewatch.bench.inspect;
