/// Signatures in other systems' languages. What cannot be said there without loss is refused with
/// the reason; nothing is ever exported weaker than it is without saying so.
///
/// - **In:** checked signature files. **Out:** rules, or refusals.
/// - **Thread:** any; cold.
@org.jspecify.annotations.NullMarked
package minewatch.signatures.export;
