/// Source IP, port and time → the enterprise the address belonged to at that moment.
@org.jspecify.annotations.NullMarked
package minewatch.collector.attribute;
