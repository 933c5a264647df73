package minewatch.signatures;

import java.util.List;

/// A set of compiled signatures. Immutable, shared by all threads.
public interface SignaturePack {
    List<Dialect> dialects();

    /// All templates of all dialects, by [Template#index()].
    List<Template> templates();

    default int templateCount() {
        return templates().size();
    }

    /// A matcher for one thread.
    Matcher newMatcher();
}
