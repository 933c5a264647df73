package minewatch.sensor.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import minewatch.feed.Addresses;
import minewatch.feed.Times;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Pool;

/// Parts of a hit as people read them.
final class HitText {
    private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E"};

    private HitText() {}

    static String sourceIp(Hit hit) {
        return Addresses.text(hit.getSourceIp());
    }

    static String verdict(Hit hit) {
        return hit.getVerdict().name().toLowerCase(Locale.ROOT);
    }

    static String pools(Hit hit) {
        List<String> pools = new ArrayList<>();
        for (Pool pool : hit.getPoolsList()) {
            pools.add(host(pool) + ":" + pool.getPort());
        }
        return String.join(" ", pools);
    }

    private static String host(Pool pool) {
        if (pool.hasHost()) {
            return pool.getHost();
        }
        String address = Addresses.text(pool.getIp());
        return address.contains(":") ? "[" + address + "]" : address;
    }

    /// `521 kH/s (352 k to 744 k)` for each algorithm.
    static String hashrate(Hit hit) {
        List<String> rates = new ArrayList<>();
        for (Map.Entry<String, Hashrate> entry : new TreeMap<>(hit.getHashrateMap()).entrySet()) {
            Hashrate rate = entry.getValue();
            rates.add(
                    "%s%s (%s to %s)"
                            .formatted(
                                    scaled(rate.getBest()),
                                    rate.getUnit(),
                                    scaled(rate.getLow()).strip(),
                                    scaled(rate.getHigh()).strip()));
        }
        return String.join(", ", rates);
    }

    static String shares(Hit hit) {
        if (!hit.hasShares()) {
            return "";
        }
        String accepted =
                hit.getShares().hasAccepted() ? Long.toString(hit.getShares().getAccepted()) : "?";
        String submitted =
                hit.getShares().hasSubmitted()
                        ? Long.toString(hit.getShares().getSubmitted())
                        : "?";
        return accepted + "/" + submitted;
    }

    static String time(long nanos) {
        return Times.text(nanos);
    }

    /// Three significant digits and a decimal prefix, `1.23 k`.
    static String scaled(double value) {
        int prefix = 0;
        double scaled = value;
        while (scaled >= 1000 && prefix < PREFIXES.length - 1) {
            scaled /= 1000;
            prefix++;
        }
        int decimals = scaled >= 100 ? 0 : scaled >= 10 ? 1 : scaled >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f %s", scaled, PREFIXES[prefix]);
    }
}
