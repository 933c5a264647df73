package minewatch.collector.attribute;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.IncompatibleAddressException;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads single values of a registry file. Each method yields nothing where the value is not what
/// the column wants; the caller knows how to say so.
final class RegistryValues {
    /// Registries are Chinese: a date alone begins at midnight there. China has one time, without
    /// summer time since 1992.
    static final ZoneOffset CHINA = ZoneOffset.ofHours(8);

    private static final int MIN_IPV4_LENGTH = 8;
    private static final int MIN_IPV6_LENGTH = 16;
    private static final int MAX_LENGTH_DIGITS = 3; // of a prefix: /128
    private static final Instant EARLIEST = Instant.parse("1980-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private static final IPAddressStringParameters STRICT =
            new IPAddressStringParameters.Builder()
                    .allowEmpty(false)
                    .allowAll(false)
                    .allowSingleSegment(false)
                    .allowMask(false)
                    .allowPrefixOnly(false)
                    .allowWildcardedSeparator(false)
                    .setRangeOptions(inet.ipaddr.AddressStringParameters.RangeParameters.NO_RANGE)
                    .getIPv4AddressParametersBuilder()
                    .allow_inet_aton(false)
                    .allowBinary(false)
                    .allowLeadingZeros(false)
                    .getParentBuilder()
                    .getIPv6AddressParametersBuilder()
                    .allowZone(false)
                    .allowMixed(false)
                    .allowBase85(false)
                    .allowBinary(false)
                    .getParentBuilder()
                    .toParams();

    private static final DateTimeFormatter DATE =
            new DateTimeFormatterBuilder()
                    .appendPattern("[uuuu-M-d][uuuu/M/d][uuuuMMdd]")
                    .toFormatter()
                    .withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter DATE_TIME =
            new DateTimeFormatterBuilder()
                    .appendPattern("[uuuu-M-d][uuuu/M/d] H:mm:ss")
                    .toFormatter()
                    .withResolverStyle(ResolverStyle.STRICT);

    private RegistryValues() {}

    /// Compatibility forms made plain (full-width digits and letters), outer blanks removed.
    static String plain(String value) {
        return Normalizer.normalize(value, Normalizer.Form.NFKC).strip();
    }

    /// One address or prefix; empty if it is none, has host bits set or is wider than any
    /// enterprise's.
    static Optional<IpPrefix> prefix(String value) {
        IPAddress address = address(value);
        if (address == null) {
            return Optional.empty();
        }
        int bits = address.getBitCount();
        Integer given = address.getNetworkPrefixLength();
        int length = given == null ? bits : given;
        if (length < (bits == 32 ? MIN_IPV4_LENGTH : MIN_IPV6_LENGTH)) {
            return Optional.empty();
        }
        byte[] octets = address.getLower().getBytes();
        IpPrefix prefix = IpPrefix.of(octets, length);
        boolean hostBitsClear = Arrays.equals(octets, octets(prefix));
        return hostBitsClear ? Optional.of(prefix) : Optional.empty();
    }

    /// The fewest prefixes that cover a range, both ends included; empty if it is no range or too
    /// wide.
    static List<IpPrefix> range(String start, String end) {
        IPAddress first = address(start);
        IPAddress last = address(end);
        if (first == null
                || last == null
                || first.isPrefixed()
                || last.isPrefixed()
                || first.getBitCount() != last.getBitCount()
                || first.compareTo(last) > 0) {
            return List.of();
        }
        List<IpPrefix> prefixes =
                Arrays.stream(first.spanWithRange(last).spanWithPrefixBlocks())
                        .map(block -> IpPrefix.of(block.getLower().getBytes(), length(block)))
                        .toList();
        int least = first.getBitCount() == 32 ? MIN_IPV4_LENGTH : MIN_IPV6_LENGTH;
        return prefixes.stream().allMatch(prefix -> prefix.length() >= least)
                ? prefixes
                : List.of();
    }

    /// A date (midnight in China), date and time (in China), or an RFC 3339 time.
    static Optional<Instant> time(String value) {
        Instant instant;
        try {
            if (value.indexOf('T') >= 0) {
                instant = OffsetDateTime.parse(value).toInstant();
            } else if (value.indexOf(':') >= 0) {
                instant = LocalDateTime.parse(value, DATE_TIME).toInstant(CHINA);
            } else {
                instant = LocalDate.parse(value, DATE).atStartOfDay().toInstant(CHINA);
            }
        } catch (DateTimeException e) {
            return Optional.empty();
        }
        return instant.isBefore(EARLIEST) || instant.isAfter(LATEST)
                ? Optional.empty()
                : Optional.of(instant);
    }

    static Optional<UseMode> useMode(String value) {
        return switch (value.toLowerCase(java.util.Locale.ROOT)) {
            case "static", "静态", "静态分配", "固定", "专线" -> Optional.of(UseMode.STATIC);
            case "dynamic", "动态", "动态分配" -> Optional.of(UseMode.DYNAMIC);
            case "", "unknown", "未知", "其他" -> Optional.of(UseMode.UNKNOWN);
            default -> Optional.empty();
        };
    }

    private static @Nullable IPAddress address(String value) {
        int slash = value.indexOf('/');
        // The library's prefix length wraps round at 32 bits: 4294967344 would be read as 48.
        if (value.length() > 64 || (slash >= 0 && value.length() - slash - 1 > MAX_LENGTH_DIGITS)) {
            return null;
        }
        try {
            return new IPAddressString(value, STRICT).toAddress();
        } catch (AddressStringException | IncompatibleAddressException e) {
            return null;
        }
    }

    private static int length(IPAddress block) {
        Integer length = block.getNetworkPrefixLength();
        return length == null ? block.getBitCount() : length;
    }

    private static byte[] octets(IpPrefix prefix) {
        return IpPrefix.Octets.of(prefix.ipv6(), prefix.high(), prefix.low());
    }
}
