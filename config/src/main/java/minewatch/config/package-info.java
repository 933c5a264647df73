/// Settings files: YAML → records, every problem with its place, and records → YAML again.
///
/// A program declares its settings as records of records, each component with a [Setting]; the
/// component's name in kebab-case is the key. [ConfigReader] fills them, [ConfigPrinter] writes
/// them back. Used by sensor and collector alike, so neither imports the other.
///
/// - **Thread:** everything here is immutable or confined to one call.
@org.jspecify.annotations.NullMarked
package minewatch.config;
