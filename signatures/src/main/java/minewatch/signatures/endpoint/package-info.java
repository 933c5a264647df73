/// Known pools: which names and addresses are theirs, on which ports, and how a name or an address
/// on the wire is looked up among them without allocating.
@org.jspecify.annotations.NullMarked
package minewatch.signatures.endpoint;
