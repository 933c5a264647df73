package minewatch.collector.web;

/// A problem as people see it.
///
/// @param slug the kind, which names the title
/// @param detail untranslated, for who reports it
public record ProblemPage(Page page, String slug, int status, String detail) {}
