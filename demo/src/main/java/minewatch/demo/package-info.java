/// The main job, whole, on embedded defaults: collector with its database, a sample registry, and a
/// sensor that replays the sample captures over the real uplink.
@org.jspecify.annotations.NullMarked
package minewatch.demo;
