/// The questions people ask: read-only queries → records; exports.
@org.jspecify.annotations.NullMarked
package minewatch.collector.report;
