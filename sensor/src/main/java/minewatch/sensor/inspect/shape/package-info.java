/// What shows of a session that cannot be read: how large its messages are and when they come.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.inspect.shape;
