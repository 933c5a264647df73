package minewatch.signatures;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One message shape of one dialect, compiled. Immutable, shared by all threads.
///
/// @param id `dialect.message`, as it stands in a hit's evidence
/// @param index dense, 0 to [SignaturePack#templateCount()] − 1, for counters kept in arrays
/// @param dialect index into [SignaturePack#dialects()]
/// @param from who sends it
/// @param act what it does in the dialogue
/// @param weight log-odds that this is mining, given one such message
/// @param group independence group: of several matches in one group only the strongest counts
/// @param needsRequest a reply that says nothing alone: it matches only beside the request it
///   answers
/// @param repliesTo indexes of the templates it may answer; empty for requests and notifications
/// @param algorithm what is mined where such a message is seen; null where it does not say
/// @param fields what can be extracted from it
public record Template(
        String id,
        int index,
        int dialect,
        Side from,
        Act act,
        double weight,
        String group,
        boolean needsRequest,
        Set<Integer> repliesTo,
        @Nullable String algorithm,
        Set<Field> fields) {}
