/// What would stop this machine from doing a sensor's job, each with its remedy.
///
/// - **In:** a sensor's settings, if there are any, and the machine itself.
/// - **Out:** one [Diagnosis] or several for each [Check], in their order.
/// - **Bound:** checks run at the same time and are given up together after some seconds; nothing
///   of the machine is changed but for a file made and removed again in the spool.
/// - **Thread:** each check on its own.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.doctor;
