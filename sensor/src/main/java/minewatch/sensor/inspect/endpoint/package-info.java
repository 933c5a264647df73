/// Known pools on the wire: names that are asked for, addresses that are learned from the answers
/// or listed, and what they say about a source and about the pool of a session.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.inspect.endpoint;
