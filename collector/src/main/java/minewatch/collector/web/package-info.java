/// HTTP API /api/v1 and the console's pages; no SQL, no rules.
@org.jspecify.annotations.NullMarked
package minewatch.collector.web;
