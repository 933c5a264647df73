/// JSON texts as a flat tape of nodes, read in place: no objects, no recursion, bounded memory.
///
/// - **In:** bytes of one text, foreign and hostile.
/// - **Out:** a filled [JsonTape][minewatch.signatures.lexer.JsonTape], or a result that names why
///   there is none.
/// - **Limits:** 64 KiB a text, 4,096 nodes, 32 levels.
///
/// Source: RFC 8259.
@org.jspecify.annotations.NullMarked
package minewatch.signatures.lexer;
