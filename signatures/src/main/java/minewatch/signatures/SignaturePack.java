package minewatch.signatures;

import java.util.List;
import minewatch.signatures.endpoint.Endpoints;

/// A set of compiled signatures. Immutable, shared by all threads.
public interface SignaturePack {
    List<Dialect> dialects();

    /// All templates of all dialects, by [Template#index()].
    List<Template> templates();

    default int templateCount() {
        return templates().size();
    }

    /// Known pools by name and address.
    Endpoints endpoints();

    /// A matcher for one thread.
    Matcher newMatcher();
}
