package minewatch.collector.report;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One line of the ledger: an enterprise that mines at one address, or one source IP nobody claims.
///
/// @param id stable for ever; stands in the page's URL
/// @param enterprise registered name; null where no registry knows the address
/// @param creditCode unified social credit code 统一社会信用代码; null if unknown
/// @param regionCode GB/T 2260, six digits; null if unknown
/// @param address street address; null if unknown
/// @param sourceIps of its hits, last seen first, at most eight; never empty
/// @param contested several enterprises claim the address at that time; `enterprise` then lists
///   them
/// @param miners distinct source IPs with verdict `miner`, `probable` or `browser`
/// @param minersAtLeast miners behind these addresses, of which one may hide many; where nobody at
///   them is seen to mine, those that relays pass on; null where no hit tells
/// @param sessions mining connections
/// @param power watts; null where nothing in the efficiency table fits
/// @param verdict strongest of its hits
public record ProjectRow(
        long id,
        @Nullable String enterprise,
        @Nullable String creditCode,
        @Nullable String regionCode,
        @Nullable String address,
        List<String> sourceIps,
        boolean contested,
        int miners,
        @Nullable Long minersAtLeast,
        int sessions,
        List<String> protocols,
        List<HashrateEstimate> hashrate,
        @Nullable Band power,
        Instant firstSeen,
        Instant lastSeen,
        String verdict,
        double confidence) {}
