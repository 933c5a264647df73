package minewatch.collector.attribute;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Reads a registry file: comma-separated, one header line, UTF-8 (with or without byte order mark)
/// or GB18030. All lines are checked before anything is returned, and all problems are told at
/// once.
///
/// Bounds: 4 GB, 5,000,000 lines, 256 columns, 4,096 characters a value.
///
/// Source: RFC 4180; docs/reference/registry.md.
public final class RegistryCsv {
    private static final Charset GB18030 = Charset.forName("GB18030");
    private static final long MAX_BYTES = 4L << 30;
    private static final int MAX_LINES = 5_000_000;
    private static final int MAX_COLUMNS = 256;
    private static final int MAX_VALUE_LENGTH = 4_096;
    private static final int MAX_NAME_LENGTH = 512;
    private static final int PROGRESS_EVERY = 50_000;
    private static final int MAX_PROBLEMS = 100_000; // reading stops there

    private final RegistryProblems problems;
    private final IntConsumer progress;
    private final Map<Holder, Holder> holders = new HashMap<>();
    private final List<RegistryRow> rows = new ArrayList<>();
    private final List<String> ignoredColumns = new ArrayList<>();
    private @Nullable RegistryColumn[] columns = new RegistryColumn[0];
    private int lines;
    private int recordLine = 1;

    private RegistryCsv(String file, IntConsumer progress) {
        this.problems = new RegistryProblems(file);
        this.progress = progress;
    }

    /// @param progress told the number of lines read, now and then
    /// @throws RegistryException if anything in the file is wrong
    public static RegistryFile read(Path path, IntConsumer progress)
            throws IOException, RegistryException {
        var csv = new RegistryCsv(path.toString(), progress);
        if (Files.size(path) > MAX_BYTES) {
            csv.problems.addText(1, "file: larger than 4 GB (expected: split files)");
            csv.problems.throwIfAny();
        }
        String sha256 = sha256(path);
        Charset charset = csv.charset(path);
        try (Reader reader = reader(path, charset)) {
            csv.readAll(reader);
        }
        return csv.result(String.valueOf(path.getFileName()), sha256);
    }

    /// For tests: the same over characters.
    static RegistryFile read(String name, Reader reader) throws IOException, RegistryException {
        var csv = new RegistryCsv(name, count -> {});
        csv.readAll(reader);
        return csv.result(name, "0".repeat(64));
    }

    private RegistryFile result(String name, String sha256) throws RegistryException {
        if (problems.isEmpty()) {
            refuseOverlaps();
        }
        problems.throwIfAny();
        return new RegistryFile(
                name, sha256, lines, List.copyOf(rows), List.copyOf(ignoredColumns));
    }

    private void readAll(Reader reader) throws IOException {
        long line = 1;
        try (CsvParser parser = parser(reader)) {
            parser.nextToken();
            while (parser.currentToken() == JsonToken.START_ARRAY) {
                List<String> values = record(parser);
                line = recordLine;
                if (values.size() > MAX_COLUMNS) {
                    problems.addText(line, "record: more than 256 values (expected: fewer)");
                    return;
                }
                if (columns.length == 0) {
                    if (!header(values, line)) {
                        return;
                    }
                } else if (!isBlank(values)) {
                    data(values, line);
                }
                if (lines >= MAX_LINES || problems.count() > MAX_PROBLEMS) {
                    problems.addText(line, "file: too long or too wrong to read on");
                    return;
                }
                parser.nextToken();
            }
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            problems.addText(
                    at == null ? recordLine : Math.max(recordLine, at.getLineNr()),
                    "record: "
                            + e.getOriginalMessage().lines().findFirst().orElse("unreadable")
                            + " (expected: values of at most "
                            + MAX_VALUE_LENGTH
                            + " characters, quotes closed)");
            return;
        }
        if (columns.length == 0) {
            problems.addText(1, "header: (empty) (expected: a line of column names)");
        } else if (lines == 0) {
            problems.addText(line, "file: no data (expected: at least one line after the header)");
        }
    }

    private static CsvParser parser(Reader reader) throws IOException {
        CsvFactory factory =
                CsvFactory.builder()
                        .streamReadConstraints(
                                StreamReadConstraints.builder()
                                        .maxStringLength(MAX_VALUE_LENGTH)
                                        .build())
                        .build();
        return factory.createParser(reader);
    }

    /// The next record's values, and its line in `recordLine`; stops one value after too many.
    private List<String> record(CsvParser parser) throws IOException {
        var values = new ArrayList<String>();
        while (values.size() <= MAX_COLUMNS && parser.nextToken() == JsonToken.VALUE_STRING) {
            if (values.isEmpty()) {
                recordLine = Math.max(1, parser.currentTokenLocation().getLineNr());
            }
            values.add(parser.getText().strip());
        }
        return values;
    }

    private static boolean isBlank(List<String> values) {
        return values.stream().allMatch(String::isEmpty);
    }

    /// Recognises the columns. Without the ones that matter, reading on would only repeat itself.
    private boolean header(List<String> names, long line) {
        columns = new RegistryColumn[names.size()];
        var seen = new HashSet<RegistryColumn>();
        for (int i = 0; i < names.size(); i++) {
            Optional<RegistryColumn> column = RegistryColumn.named(names.get(i));
            if (column.isEmpty()) {
                ignoredColumns.add(names.get(i));
            } else if (!seen.add(column.get())) {
                problems.add(line, column.get().title(), names.get(i), "each column once");
            } else {
                columns[i] = column.get();
            }
        }
        boolean hasRange = seen.contains(RegistryColumn.START) && seen.contains(RegistryColumn.END);
        if (seen.contains(RegistryColumn.PREFIX) == hasRange) {
            problems.add(
                    line, "header", String.join(",", names), "either prefix, or start and end");
        }
        for (var needed : List.of(RegistryColumn.ENTERPRISE, RegistryColumn.VALID_FROM)) {
            if (!seen.contains(needed)) {
                problems.add(line, "header", String.join(",", names), "a column " + needed.title());
            }
        }
        return problems.isEmpty();
    }

    private void data(List<String> values, long line) {
        lines++;
        if (lines % PROGRESS_EVERY == 0) {
            progress.accept(lines);
        }
        if (values.size() != columns.length) {
            problems.add(
                    line,
                    "record",
                    values.size() + " values",
                    columns.length + ", as in the header");
            return;
        }
        var cells = new EnumMap<RegistryColumn, String>(RegistryColumn.class);
        for (int i = 0; i < columns.length; i++) {
            RegistryColumn column = columns[i];
            if (column != null) {
                cells.put(
                        column,
                        column.isFreeText() ? values.get(i) : RegistryValues.plain(values.get(i)));
            }
        }
        long before = problems.count();
        List<IpPrefix> prefixes = prefixes(cells, line);
        Instant from = validFrom(cells, line);
        Instant to = validTo(cells, line, from);
        Holder holder = holder(cells, line);
        UseMode useMode = useMode(cells, line);
        if (problems.count() == before && from != null) {
            for (IpPrefix prefix : prefixes) {
                rows.add(new RegistryRow((int) line, prefix, from, to, holder, useMode));
            }
        }
    }

    private List<IpPrefix> prefixes(Map<RegistryColumn, String> cells, long line) {
        String prefix = cells.get(RegistryColumn.PREFIX);
        if (prefix != null) {
            Optional<IpPrefix> read = RegistryValues.prefix(prefix);
            if (read.isEmpty()) {
                problems.add(
                        line,
                        "prefix",
                        prefix,
                        "an IPv4 prefix from /8 or IPv6 prefix from /16, host bits zero");
            }
            return read.stream().toList();
        }
        String start = cells.getOrDefault(RegistryColumn.START, "");
        String end = cells.getOrDefault(RegistryColumn.END, "");
        List<IpPrefix> range = RegistryValues.range(start, end);
        if (range.isEmpty()) {
            problems.add(
                    line,
                    "start,end",
                    start + "," + end,
                    "two addresses of one family, start not after end, no wider than /8 or /16");
        }
        return range;
    }

    private @Nullable Instant validFrom(Map<RegistryColumn, String> cells, long line) {
        String value = cells.getOrDefault(RegistryColumn.VALID_FROM, "");
        Optional<Instant> time = RegistryValues.time(value);
        if (time.isEmpty()) {
            problems.add(line, "valid_from", value, "a date 2026-01-31 or a time RFC 3339");
        }
        return time.orElse(null);
    }

    private @Nullable Instant validTo(
            Map<RegistryColumn, String> cells, long line, @Nullable Instant from) {
        String value = cells.getOrDefault(RegistryColumn.VALID_TO, "");
        if (value.isEmpty()) {
            return null;
        }
        Optional<Instant> time = RegistryValues.time(value);
        if (time.isEmpty()) {
            problems.add(line, "valid_to", value, "a date, a time RFC 3339, or empty");
        } else if (from != null && !time.get().isAfter(from)) {
            problems.add(line, "valid_to", value, "later than valid_from");
        }
        return time.orElse(null);
    }

    private Holder holder(Map<RegistryColumn, String> cells, long line) {
        String enterprise = cells.getOrDefault(RegistryColumn.ENTERPRISE, "");
        if (enterprise.isEmpty() || !isText(enterprise)) {
            problems.add(line, "enterprise", enterprise, "a name of 1 to 512 characters");
        }
        String address = cells.getOrDefault(RegistryColumn.ADDRESS, "");
        if (!isText(address)) {
            problems.add(line, "address", address, "at most 512 characters, none of control");
        }
        String creditCode = cells.getOrDefault(RegistryColumn.CREDIT_CODE, "");
        if (!creditCode.isEmpty() && !CreditCode.isValid(creditCode)) {
            problems.add(
                    line,
                    "credit_code",
                    creditCode,
                    "18 characters of GB 32100 with the right check character, or empty");
        }
        var holder =
                new Holder(
                        enterprise,
                        nullIfEmpty(creditCode),
                        nullIfEmpty(regionCode(cells, line)),
                        nullIfEmpty(address));
        return holders.computeIfAbsent(holder, same -> same);
    }

    /// The region column, or the smallest of county, city and province that holds a code.
    private String regionCode(Map<RegistryColumn, String> cells, long line) {
        String code = cells.getOrDefault(RegistryColumn.REGION_CODE, "");
        if (!code.isEmpty()) {
            if (!RegionCode.isValid(code)) {
                problems.add(
                        line, "region_code", code, "six digits of GB/T 2260 in a known province");
            }
            return code;
        }
        for (var part :
                List.of(RegistryColumn.COUNTY, RegistryColumn.CITY, RegistryColumn.PROVINCE)) {
            String value = cells.getOrDefault(part, "");
            if (RegionCode.isValid(value)) {
                return value;
            }
        }
        return "";
    }

    private UseMode useMode(Map<RegistryColumn, String> cells, long line) {
        String value = cells.getOrDefault(RegistryColumn.USE_MODE, "");
        Optional<UseMode> mode = RegistryValues.useMode(value);
        if (mode.isEmpty()) {
            problems.add(line, "use_mode", value, "static 静态, dynamic 动态, or empty");
        }
        return mode.orElse(UseMode.UNKNOWN);
    }

    private static boolean isText(String value) {
        return value.length() <= MAX_NAME_LENGTH
                && value.codePoints().noneMatch(Character::isISOControl);
    }

    private static @Nullable String nullIfEmpty(String value) {
        return value.isEmpty() ? null : value;
    }

    /// One registry cannot say of one prefix at one time that it is two rows'.
    private void refuseOverlaps() {
        Comparator<RegistryRow> byPrefixThenTime =
                Comparator.comparing((RegistryRow row) -> row.prefix().ipv6())
                        .thenComparingLong(row -> row.prefix().high())
                        .thenComparingLong(row -> row.prefix().low())
                        .thenComparingInt(row -> row.prefix().length())
                        .thenComparing(RegistryRow::validFrom);
        List<RegistryRow> sorted = rows.stream().sorted(byPrefixThenTime).toList();
        RegistryRow latest = null; // of those seen so far with this prefix, the one that ends last
        for (RegistryRow row : sorted) {
            if (latest != null && latest.overlaps(row)) {
                problems.add(
                        Math.max(latest.line(), row.line()),
                        "prefix",
                        row.prefix().toString(),
                        "not the same prefix at the same time as line "
                                + Math.min(latest.line(), row.line()));
            }
            if (latest == null || !latest.prefix().equals(row.prefix()) || endsLater(row, latest)) {
                latest = row;
            }
        }
    }

    private static boolean endsLater(RegistryRow row, RegistryRow than) {
        Instant end = row.validTo();
        Instant other = than.validTo();
        return other != null && (end == null || end.isAfter(other));
    }

    /// UTF-8 if every byte fits, else GB18030 if every byte fits, else a problem.
    private Charset charset(Path path) throws IOException, RegistryException {
        for (Charset charset : List.of(UTF_8, GB18030)) {
            if (decodes(path, charset)) {
                return charset;
            }
        }
        problems.addText(
                1, "file: neither UTF-8 nor GB18030 (expected: a text file in one of them)");
        problems.throwIfAny();
        return UTF_8;
    }

    private static boolean decodes(Path path, Charset charset) throws IOException {
        CharsetDecoder decoder = strict(charset);
        var chars = CharBuffer.allocate(1 << 16);
        var bytes = ByteBuffer.allocate(1 << 16);
        try (var channel = Files.newByteChannel(path)) {
            boolean end = false;
            while (!end) {
                end = channel.read(bytes) < 0;
                bytes.flip();
                while (true) {
                    chars.clear();
                    var result = decoder.decode(bytes, chars, end);
                    if (result.isError()) {
                        return false;
                    }
                    if (result.isUnderflow()) {
                        break;
                    }
                }
                bytes.compact();
            }
            return true;
        }
    }

    private static Reader reader(Path path, Charset charset) throws IOException {
        var reader =
                new BufferedReader(
                        new InputStreamReader(Files.newInputStream(path), strict(charset)),
                        1 << 16);
        reader.mark(1);
        if (reader.read() != '\uFEFF') {
            reader.reset();
        }
        return reader;
    }

    private static CharsetDecoder strict(Charset charset) {
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    private static String sha256(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] block = new byte[1 << 16];
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                digest.update(block, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
