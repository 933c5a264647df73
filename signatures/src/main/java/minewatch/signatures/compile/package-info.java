/// Signature files to what the sensor runs: dispatch by a hash of the method name to the few
/// templates in question, then one typed walk over the message's tape for each.
///
/// - **In:** checked models from `language`.
/// - **Out:** a [SignaturePack][minewatch.signatures.SignaturePack], immutable and shared; one
///   [Matcher][minewatch.signatures.Matcher] a thread.
/// - **Limits:** a message costs at most its templates times its nodes; nothing allocates.
@org.jspecify.annotations.NullMarked
package minewatch.signatures.compile;
