package minewatch.signatures.language;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import minewatch.signatures.endpoint.Endpoint;
import minewatch.signatures.endpoint.IpAddress;
import org.jspecify.annotations.Nullable;

/// Reads one endpoint list: comma-separated, a pool's name or address a row. Lines that are empty
/// or begin with `#` are notes. All problems of a list are found in one go.
public final class EndpointReader {
    /// Larger lists are refused unread.
    public static final int MAX_BYTES = 128 << 20;

    /// The first line that is no note.
    public static final String HEADER =
            "pool,endpoint,ports,coins,flags,first_seen,last_seen,expires,source";

    /// Years an address counts after it was last seen, and a name: addresses change hands.
    static final int ADDRESS_YEARS = 1;

    static final int NAME_YEARS = 10;

    private static final List<String> COLUMNS = List.of(HEADER.split(","));
    private static final int MAX_LINE = 2048; // characters
    private static final int MAX_PORTS = 32;
    private static final int MAX_COINS = 32;
    private static final LocalDate NEVER = LocalDate.of(9999, 12, 31);
    private static final Pattern POOL = Pattern.compile("[a-z0-9][a-z0-9.-]{0,39}");
    private static final Pattern COIN = Pattern.compile("[A-Z0-9]{1,10}");
    private static final Pattern SPACES = Pattern.compile(" +");
    private static final int MAX_NAME = 253;
    private static final int MAX_LABEL = 63;
    private static final Map<String, Endpoint.Flag> FLAGS =
            Stream.of(Endpoint.Flag.values())
                    .collect(
                            Collectors.toMap(
                                    flag -> flag.name().toLowerCase(Locale.ROOT),
                                    Function.identity()));

    private final Problems problems;
    private final Map<Object, Object> shared = new HashMap<>(); // equal values are held once
    private final Map<String, LocalDate> days = new HashMap<>(); // thousands of rows name few
    private int line;
    private String[] cells = {};

    private EndpointReader(String file) {
        problems = new Problems(file);
    }

    /// The endpoints in `text`.
    ///
    /// @param file its name, for messages
    /// @throws InvalidSignaturesException with every problem found, at most a hundred
    public static List<Endpoint> read(String file, String text) throws InvalidSignaturesException {
        EndpointReader reader = new EndpointReader(file);
        List<Endpoint> endpoints = new ArrayList<>();
        reader.readLines(text, endpoints);
        if (!reader.problems.found().isEmpty()) {
            throw new InvalidSignaturesException(reader.problems.found());
        }
        return endpoints;
    }

    private void readLines(String text, List<Endpoint> endpoints) {
        if (text.length() > MAX_BYTES) {
            problems.add(1, 1, "file", text.length() + " characters", "at most " + MAX_BYTES);
            return;
        }
        boolean headed = false;
        int start = 0;
        while (start < text.length()) {
            int newline = text.indexOf('\n', start);
            int end = newline < 0 ? text.length() : newline;
            String content = text.substring(start, Math.min(end, start + MAX_LINE + 1)).strip();
            start = end + 1;
            line++;
            if (content.isEmpty() || content.charAt(0) == '#') {
                continue;
            }
            if (!headed) {
                headed = true;
                check(content.equals(HEADER), 0, "header", content, HEADER);
                continue;
            }
            Endpoint endpoint = row(content);
            if (endpoint != null) {
                endpoints.add(endpoint);
            }
        }
        if (!headed) {
            problems.add(1, 1, "header", "nothing", HEADER);
        }
    }

    private @Nullable Endpoint row(String content) {
        int before = problems.found().size();
        if (content.length() > MAX_LINE) {
            problems.add(line, 1, "row", "too long", "at most " + MAX_LINE + " characters");
            return null;
        }
        cells = content.split(",", -1);
        if (cells.length != COLUMNS.size()) {
            problems.add(line, 1, "row", cells.length + " columns", COLUMNS.size() + " columns");
            return null;
        }
        String pool = cell(0);
        check(
                pool.isEmpty() || POOL.matcher(pool).matches(),
                0,
                pool,
                "a-z, 0-9, dot and -, at most 40; or nothing");
        String host = cell(1).toLowerCase(Locale.ROOT);
        boolean address = IpAddress.parse(host) != null;
        check(
                address || isName(host),
                1,
                cell(1),
                "a domain name of two labels or more, `*.` before it for all below; or an address");
        LocalDate first = date(5);
        LocalDate last = date(6);
        LocalDate stated = date(7);
        String source = cell(8);
        check(!source.isEmpty(), 8, "nothing", "where it is known from");
        Endpoint endpoint =
                new Endpoint(
                        once(pool),
                        host,
                        once(ports()),
                        once(coins()),
                        once(flags()),
                        first,
                        last,
                        stated == null ? expiry(last, address) : stated,
                        once(source));
        return problems.found().size() == before ? endpoint : null;
    }

    private static LocalDate expiry(@Nullable LocalDate last, boolean address) {
        return last == null ? NEVER : last.plusYears(address ? ADDRESS_YEARS : NAME_YEARS);
    }

    private List<Integer> ports() {
        List<Integer> ports = new ArrayList<>();
        for (String text : words(2)) {
            int port = port(text);
            check(port >= 1 && port <= 65_535, 2, text, "ports, 1 to 65535, with spaces between");
            ports.add(port);
        }
        check(ports.size() <= MAX_PORTS, 2, ports.size() + " ports", "at most " + MAX_PORTS);
        return List.copyOf(ports);
    }

    /// 0 where it is none.
    private static int port(String text) {
        if (text.length() > 5) {
            return 0;
        }
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            port = port * 10 + digit;
        }
        return port;
    }

    private List<String> coins() {
        List<String> coins = words(3);
        for (String coin : coins) {
            check(COIN.matcher(coin).matches(), 3, coin, "ticker symbols with spaces between");
        }
        check(coins.size() <= MAX_COINS, 3, coins.size() + " coins", "at most " + MAX_COINS);
        return coins;
    }

    private Set<Endpoint.Flag> flags() {
        Set<Endpoint.Flag> flags = EnumSet.noneOf(Endpoint.Flag.class);
        for (String text : words(4)) {
            Endpoint.Flag flag = FLAGS.get(text);
            if (flag == null) {
                check(false, 4, text, Problems.suggestion(text, new TreeSet<>(FLAGS.keySet())));
            } else {
                flags.add(flag);
            }
        }
        return Set.copyOf(flags);
    }

    private @Nullable LocalDate date(int column) {
        String text = cell(column);
        if (text.isEmpty()) {
            return null;
        }
        LocalDate known = days.get(text);
        if (known != null) {
            return known;
        }
        try {
            LocalDate day = LocalDate.parse(text);
            days.put(text, day);
            return day;
        } catch (DateTimeException e) {
            check(false, column, text, "a day, 2026-11-24, or nothing");
            return null;
        }
    }

    private static boolean isName(String host) {
        String name =
                host.startsWith(Endpoint.BELOW) ? host.substring(Endpoint.BELOW.length()) : host;
        String[] labels = name.split("\\.", -1);
        if (name.length() > MAX_NAME || labels.length < 2) {
            return false;
        }
        for (String label : labels) {
            if (!isLabel(label)) {
                return false;
            }
        }
        return !Character.isDigit(name.charAt(name.length() - 1));
    }

    private static boolean isLabel(String label) {
        int last = label.length() - 1;
        if (last < 0 || last >= MAX_LABEL || label.charAt(0) == '-' || label.charAt(last) == '-') {
            return false;
        }
        for (int i = 0; i <= last; i++) {
            char c = label.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-')) {
                return false;
            }
        }
        return true;
    }

    private List<String> words(int column) {
        String text = cell(column);
        return text.isEmpty() ? List.of() : List.of(SPACES.split(text));
    }

    private String cell(int column) {
        return cells[column].strip();
    }

    @SuppressWarnings("unchecked") // equal values are of one type
    private <T> T once(T value) {
        Object known = shared.putIfAbsent(value, value);
        return known == null ? value : (T) known;
    }

    private void check(boolean holds, int column, String value, String expected) {
        check(holds, column, COLUMNS.get(column), value, expected);
    }

    private void check(boolean holds, int column, String name, String value, String expected) {
        if (!holds) {
            int at = 1;
            for (int i = 0; i < column; i++) {
                at += cells[i].length() + 1;
            }
            problems.add(line, at, name, value.isEmpty() ? "nothing" : value, expected);
        }
    }
}
