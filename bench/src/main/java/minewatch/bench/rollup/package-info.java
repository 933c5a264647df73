/// What a finding costs on its way to a hit.
@org.jspecify.annotations.NullMarked
package minewatch.bench.rollup;
