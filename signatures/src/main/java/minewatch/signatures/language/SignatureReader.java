package minewatch.signatures.language;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import minewatch.signatures.Act;
import minewatch.signatures.Dialect;
import minewatch.signatures.Side;
import minewatch.signatures.WorkRule;
import minewatch.signatures.lexer.JsonTape;
import minewatch.signatures.lexer.Numbers;
import org.jspecify.annotations.Nullable;

/// Reads one signature file. All its problems are found in one go.
public final class SignatureReader {
    /// Larger files are refused unread.
    public static final int MAX_BYTES = 256 * 1024;

    /// Value of the key `schema`.
    public static final String SCHEMA = "minewatch.signature/1";

    /// What one piece of evidence may be about; matches on one topic do not add up.
    public static final List<String> GROUPS =
            List.of(
                    "subscription",
                    "authorization",
                    "client",
                    "server",
                    "job",
                    "difficulty",
                    "share",
                    "reply",
                    "hashrate",
                    "keepalive",
                    "handshake",
                    "peers",
                    "blocks",
                    "other");

    private static final double MAX_WEIGHT = 10; // log-odds
    private static final double LEAST_AGAINST = 0.1;
    private static final WorkRule NO_WORK =
            new WorkRule(Double.NaN, WorkRule.TargetForm.NONE, "H/s");
    private static final int MAX_MESSAGES = 64;
    private static final int MAX_ITEMS = 256; // of a sequence of texts
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    private static final String ID_RULE = "a-z, 0-9 and -, at most 40, a letter first";
    private static final Map<String, Dialect.Framing> FRAMINGS = words(Dialect.Framing.values());
    private static final Map<String, Dialect.Claim> CLAIMS = words(Dialect.Claim.values());
    private static final Map<String, Side> SIDES = words(Side.values());
    private static final Map<String, Act> ACTS = words(Act.values());
    private static final Map<String, WorkRule.TargetForm> TARGET_FORMS =
            words(WorkRule.TargetForm.values());
    private static final Set<String> FILE_KEYS =
            Set.of(
                    "schema",
                    "id",
                    "revision",
                    "title",
                    "sources",
                    "framing",
                    "verdict",
                    "protocol",
                    "algorithm",
                    "dispatch",
                    "work",
                    "types",
                    "messages");
    private static final Set<String> MESSAGE_KEYS =
            Set.of(
                    "from",
                    "act",
                    "weight",
                    "group",
                    "answers",
                    "needs-request",
                    "algorithm",
                    "message",
                    "examples");

    private final Problems problems;
    private final boolean withExamples;
    private final ShapeReader shapes;
    private boolean harmless;

    private SignatureReader(Problems problems, boolean withExamples) {
        this.problems = problems;
        this.withExamples = withExamples;
        shapes = new ShapeReader(problems);
    }

    /// The signature in `text`.
    ///
    /// @param file its name, for messages
    /// @throws InvalidSignaturesException with every problem found
    public static SignatureFile read(String file, String text) throws InvalidSignaturesException {
        Problems problems = new Problems(file);
        Yaml.Node root = null;
        if (text.length() > MAX_BYTES) {
            problems.add(1, 1, "file", text.length() + " characters", "at most " + MAX_BYTES);
        } else {
            root = Yaml.parse(text, problems);
        }
        if (root == null) {
            throw new InvalidSignaturesException(problems.found());
        }
        return new SignatureReader(problems, true).read(root);
    }

    /// The signature in a document whose messages have no examples.
    static SignatureFile readWithoutExamples(Problems problems, Yaml.Node root)
            throws InvalidSignaturesException {
        return new SignatureReader(problems, false).read(root);
    }

    private SignatureFile read(Yaml.Node root) throws InvalidSignaturesException {
        SignatureFile result = file(root);
        if (result == null || !problems.found().isEmpty()) {
            throw new InvalidSignaturesException(problems.found());
        }
        return result;
    }

    private @Nullable SignatureFile file(Yaml.Node root) {
        Yaml.Mapping top = mapping(root, "file", FILE_KEYS);
        if (top == null) {
            return null;
        }
        choice(top, "schema", "schema", List.of(SCHEMA));
        String id = id(top);
        int revision = revision(top);
        Map<String, String> title = title(top);
        List<String> sources = texts(top, "sources", "sources");
        if (sources.isEmpty()) {
            problems.add(top, "sources", "nothing", "where this dialect is known from");
        }
        Dialect.Framing framing = choice(top, "framing", "framing", FRAMINGS);
        Dialect.Claim claim =
                top.entries().containsKey("verdict")
                        ? choice(top, "verdict", "verdict", CLAIMS)
                        : Dialect.Claim.MINER;
        String protocol = optionalText(top, "protocol");
        if (protocol != null && !ID.matcher(protocol).matches()) {
            problems.add(at(top, "protocol"), "protocol", protocol, ID_RULE);
        }
        String algorithm = optionalText(top, "algorithm");
        List<String> dispatch = texts(top, "dispatch", "dispatch");
        harmless = claim == Dialect.Claim.NONE;
        WorkRule work = harmless ? NO_WORK : work(top);
        Yaml.Mapping types = optionalMapping(top, "types");
        if (types != null) {
            types.entries().values().forEach(e -> shapes.declare(e.key(), e.value()));
        }
        return new SignatureFile(
                problems.file(),
                id,
                protocol == null ? id : protocol,
                revision,
                title,
                sources,
                framing,
                claim,
                algorithm,
                dispatch.isEmpty() ? List.of("method") : dispatch,
                work,
                messages(top));
    }

    private String id(Yaml.Mapping top) {
        String id = text(top, "id", "id");
        if (!ID.matcher(id).matches()) {
            problems.add(at(top, "id"), "id", id, ID_RULE);
        }
        return id;
    }

    private Map<String, String> title(Yaml.Mapping top) {
        Yaml.Mapping title = requiredMapping(top, "title", "title", Set.of("en", "zh"));
        Map<String, String> result = new LinkedHashMap<>();
        if (title != null) {
            result.put("en", text(title, "en", "title.en"));
            result.put("zh", text(title, "zh", "title.zh"));
        }
        return Map.copyOf(result);
    }

    private WorkRule work(Yaml.Mapping top) {
        Yaml.Mapping work =
                requiredMapping(
                        top, "work", "work", Set.of("hashes-per-difficulty", "target", "unit"));
        if (work == null) {
            return NO_WORK;
        }
        double hashes =
                work.entries().containsKey("hashes-per-difficulty")
                        ? number(
                                work,
                                "hashes-per-difficulty",
                                "work.hashes-per-difficulty",
                                1e-9,
                                1e30)
                        : Double.NaN;
        WorkRule.TargetForm form = choice(work, "target", "work.target", TARGET_FORMS);
        String unit = choice(work, "unit", "work.unit", List.of("H/s", "Sol/s", "g/s"));
        return new WorkRule(hashes, form, unit);
    }

    private List<SignatureFile.Message> messages(Yaml.Mapping top) {
        Yaml.Mapping all = requiredMapping(top, "messages", "messages", null);
        List<SignatureFile.Message> messages = new ArrayList<>();
        if (all == null) {
            return messages;
        }
        if (all.entries().isEmpty() || all.entries().size() > MAX_MESSAGES) {
            problems.add(
                    all, "messages", all.entries().size() + " of them", "1 to " + MAX_MESSAGES);
            return messages;
        }
        for (Yaml.Entry e : all.entries().values()) {
            SignatureFile.Message message = message(e, all.entries().keySet());
            if (message != null) {
                messages.add(message);
            }
        }
        return List.copyOf(messages);
    }

    private SignatureFile.@Nullable Message message(Yaml.Entry entry, Set<String> names) {
        String name = entry.key().text();
        String path = "messages." + name;
        if (!ID.matcher(name).matches()) {
            problems.add(entry.key(), path, name, ID_RULE);
        }
        Yaml.Mapping m = mapping(entry.value(), path, MESSAGE_KEYS);
        if (m == null) {
            return null;
        }
        Side from = choice(m, "from", path + ".from", SIDES);
        Act act = choice(m, "act", path + ".act", ACTS);
        double weight =
                harmless
                        ? number(m, "weight", path + ".weight", -MAX_WEIGHT, -LEAST_AGAINST)
                        : number(m, "weight", path + ".weight", 0, MAX_WEIGHT);
        String group = choice(m, "group", path + ".group", GROUPS);
        List<String> answers = texts(m, "answers", path + ".answers");
        for (String answer : answers) {
            if (!names.contains(answer)) {
                problems.unknown(at(m, "answers"), path + ".answers", answer, names);
            }
        }
        boolean needsRequest = bool(m, "needs-request", path + ".needs-request");
        String algorithm = optionalText(m, "algorithm");
        if (needsRequest && answers.isEmpty()) {
            problems.add(m, path + ".answers", "nothing", "the messages it answers");
        }
        Shape shape = new Shape.Any();
        Yaml.Entry message = m.entries().get("message");
        if (message == null) {
            problems.add(m, path + ".message", "nothing", "the message's shape");
        } else if (message.value() instanceof Yaml.Mapping object) {
            shape = shapes.read(object, path + ".message");
        } else {
            problems.add(message.value(), path + ".message", "no mapping", "an object's shape");
        }
        Yaml.Mapping examples =
                withExamples
                        ? requiredMapping(
                                m, "examples", path + ".examples", Set.of("match", "no-match"))
                        : null;
        return new SignatureFile.Message(
                name,
                from,
                act,
                weight,
                group,
                needsRequest,
                answers,
                algorithm,
                shape,
                examples(examples, "match", path),
                examples(examples, "no-match", path));
    }

    private List<SignatureFile.Example> examples(
            Yaml.@Nullable Mapping examples, String key, String path) {
        List<SignatureFile.Example> result = new ArrayList<>();
        if (examples == null) {
            return result;
        }
        String name = path + ".examples." + key;
        forEach(
                examples,
                key,
                name,
                scalar -> {
                    if (scalar.text().length() > JsonTape.MAX_BYTES) {
                        problems.add(scalar, name, "too long", "at most 64 KiB");
                    }
                    result.add(new SignatureFile.Example(scalar.text(), scalar.line()));
                });
        if (result.isEmpty()) {
            problems.add(examples, name, "nothing", "at least one example");
        }
        return List.copyOf(result);
    }

    // Reading of single keys. After a problem each gives something to go on with.

    private Yaml.@Nullable Mapping mapping(
            Yaml.Node node, String name, @Nullable Set<String> known) {
        if (!(node instanceof Yaml.Mapping mapping)) {
            problems.add(node, name, "no mapping", "a mapping");
            return null;
        }
        if (known != null) {
            for (Yaml.Entry e : mapping.entries().values()) {
                if (!known.contains(e.key().text())) {
                    problems.unknown(e.key(), name, e.key().text(), sorted(known));
                }
            }
        }
        return mapping;
    }

    private Yaml.@Nullable Mapping optionalMapping(Yaml.Mapping parent, String key) {
        Yaml.Entry e = parent.entries().get(key);
        return e == null ? null : mapping(e.value(), key, null);
    }

    private Yaml.@Nullable Mapping requiredMapping(
            Yaml.Mapping parent, String key, String name, @Nullable Set<String> known) {
        Yaml.Entry e = parent.entries().get(key);
        if (e == null) {
            problems.add(parent, name, "nothing", "a mapping");
            return null;
        }
        return mapping(e.value(), name, known);
    }

    private String text(Yaml.Mapping parent, String key, String name) {
        Yaml.Entry e = parent.entries().get(key);
        if (e != null && e.value() instanceof Yaml.Scalar s && !s.text().isBlank()) {
            return s.text();
        }
        problems.add(at(parent, key), name, e == null ? "nothing" : "no text", "a text");
        return "";
    }

    private @Nullable String optionalText(Yaml.Mapping parent, String key) {
        return parent.entries().containsKey(key) ? text(parent, key, key) : null;
    }

    private boolean bool(Yaml.Mapping parent, String key, String name) {
        return parent.entries().containsKey(key)
                && choice(parent, key, name, List.of("true", "false")).equals("true");
    }

    /// A number, NaN after a problem.
    private double number(Yaml.Mapping parent, String key, String name, double min, double max) {
        Yaml.Entry e = parent.entries().get(key);
        String text = e != null && e.value() instanceof Yaml.Scalar s ? s.text() : "nothing";
        double value = Numbers.decimal(text);
        if (value >= min && value <= max) {
            return value;
        }
        problems.add(at(parent, key), name, text, "a number from " + min + " to " + max);
        return Double.NaN;
    }

    private int revision(Yaml.Mapping top) {
        double value = number(top, "revision", "revision", 1, 1_000_000);
        if (value != Math.rint(value) && !Double.isNaN(value)) {
            problems.add(at(top, "revision"), "revision", "" + value, "a whole number");
        }
        return (int) value;
    }

    private String choice(Yaml.Mapping parent, String key, String name, Collection<String> known) {
        String text = text(parent, key, name);
        if (!text.isEmpty() && !known.contains(text)) {
            problems.unknown(at(parent, key), name, text, known);
        }
        return text;
    }

    /// The first of them after a problem.
    private <E> E choice(Yaml.Mapping parent, String key, String name, Map<String, E> known) {
        E value = known.get(choice(parent, key, name, known.keySet()));
        return value == null ? known.values().iterator().next() : value;
    }

    private List<String> texts(Yaml.Mapping parent, String key, String name) {
        List<String> result = new ArrayList<>();
        forEach(
                parent,
                key,
                name,
                scalar -> {
                    if (scalar.text().isBlank() || result.contains(scalar.text())) {
                        problems.add(scalar, name, scalar.text(), "texts, each only once");
                    }
                    result.add(scalar.text());
                });
        return List.copyOf(result);
    }

    private void forEach(
            Yaml.Mapping parent, String key, String name, Consumer<Yaml.Scalar> action) {
        Yaml.Entry e = parent.entries().get(key);
        if (e == null) {
            return;
        }
        if (!(e.value() instanceof Yaml.Sequence sequence)) {
            problems.add(e.value(), name, "no sequence", "a sequence of texts");
            return;
        }
        if (sequence.items().size() > MAX_ITEMS) {
            problems.add(
                    sequence, name, sequence.items().size() + " of them", "at most " + MAX_ITEMS);
            return;
        }
        for (Yaml.Node item : sequence.items()) {
            if (item instanceof Yaml.Scalar scalar) {
                action.accept(scalar);
            } else {
                problems.add(item, name, "no text", "a text");
            }
        }
    }

    /// The constants of an enum by how they are written in a file.
    private static <E extends Enum<E>> Map<String, E> words(E[] constants) {
        Map<String, E> words = new LinkedHashMap<>();
        for (E constant : constants) {
            words.put(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
        }
        return words;
    }

    private static Yaml.Node at(Yaml.Mapping parent, String key) {
        Yaml.Entry e = parent.entries().get(key);
        return e == null ? parent : e.value();
    }

    private static Collection<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }
}
