/// The console for people (`/`, `/projects/{id}`), the HTTP API for programs (`/api/v1`), and the
/// stream that tells both of changes (`/events`). No SQL and no rules: what is shown comes from
/// `report`.
///
/// - **Thread:** queries run on the server's blocking executor, never on an event loop.
/// - **Limits:** read-only (GET, HEAD); parameters are checked for length and form before use; at
///   most 256 event streams.
/// - **Pages** work without JavaScript; with it, they refresh themselves.
@org.jspecify.annotations.NullMarked
package minewatch.collector.web;
