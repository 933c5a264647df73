package minewatch.collector.ledger;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import minewatch.collector.attribute.Allocation;
import minewatch.collector.attribute.Attribution;
import minewatch.collector.attribute.Holder;
import minewatch.feed.Addresses;
import org.jspecify.annotations.Nullable;

/// What makes a project one, and how it is named: an enterprise at an address, those who claim the
/// same address, or a source IP nobody claims.
///
/// @param key unique for ever
record ProjectKey(
        String key,
        String kind,
        @Nullable String enterprise,
        @Nullable String creditCode,
        @Nullable String regionCode,
        @Nullable String address) {

    static ProjectKey of(Attribution attribution, byte[] sourceIp) {
        return switch (attribution) {
            case Attribution.Owned owned -> owned(owned.holder());
            case Attribution.Contested(var claims) ->
                    contested(claims.stream().map(Allocation::holder).toList());
            case Attribution.Unassigned() ->
                    new ProjectKey(
                            "ip:" + Addresses.text(sourceIp), "unassigned", null, null, null, null);
        };
    }

    private static ProjectKey owned(Holder holder) {
        return new ProjectKey(
                "at:" + holder.key(),
                "owned",
                holder.enterprise(),
                holder.creditCode(),
                holder.regionCode(),
                holder.address());
    }

    private static ProjectKey contested(List<Holder> holders) {
        String key =
                holders.stream()
                        .map(Holder::key)
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining("||", "by:", ""));
        String names =
                holders.stream()
                        .map(Holder::enterprise)
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining("; "));
        return new ProjectKey(
                key,
                "contested",
                names,
                null,
                common(holders, Holder::regionCode),
                common(holders, Holder::address));
    }

    private static @Nullable String common(
            List<Holder> holders, Function<Holder, @Nullable String> part) {
        @Nullable String first = part.apply(holders.getFirst());
        return holders.stream().allMatch(holder -> Objects.equals(part.apply(holder), first))
                ? first
                : null;
    }
}
