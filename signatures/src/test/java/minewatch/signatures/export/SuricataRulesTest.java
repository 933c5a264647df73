package minewatch.signatures.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.compile.CompiledPack;
import minewatch.signatures.language.Shape;
import minewatch.signatures.language.SignatureFile;
import minewatch.signatures.language.SignatureReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds exported rules to the shapes they come from, over every example of the pack and many ways
/// to write and to spoil it.
class SuricataRulesTest {
    private static final Pattern RULE =
            Pattern.compile(
                    "alert tcp any any -> any any \\(msg:\"Minewatch ([a-z0-9.-]+)\";"
                            + " flow:established; content:\"\\{\"; pcre:\"/(.*)/\";"
                            + " classtype:policy-violation; sid:(\\d+); rev:\\d+; metadata:[a-z0-9_.,"
                            + " -]+;\\)");

    private static final long DEEP_STACK = 1 << 28; // bytes

    private static List<SignatureFile> files = List.of();
    private static List<String> examples = List.of();
    private static SignaturePack pack = CompiledPack.of(List.of());

    @BeforeAll
    static void readPack() throws Exception {
        files = SignaturePacks.files(List.of());
        pack = CompiledPack.of(files);
        examples = files.stream().flatMap(SuricataRulesTest::examples).toList();
    }

    private static Stream<String> examples(SignatureFile file) {
        return file.messages().stream()
                .flatMap(message ->
                        Stream.concat(message.match().stream(), message.noMatch().stream()))
                .map(SignatureFile.Example::text);
    }

    /// Every example of the pack, and those of the rule's own signature in every variant.
    private static List<String> texts(SuricataRules.Exported rule) {
        Stream<String> variants =
                files.stream()
                        .filter(file -> rule.message().startsWith(file.id() + "."))
                        .flatMap(SuricataRulesTest::examples)
                        .flatMap(example -> Variants.of(example).stream());
        return Stream.concat(examples.stream(), variants).distinct().toList();
    }

    @Test
    void exactRulesFireForWhatTheShapeMatchesAndNothingElse() throws Exception {
        List<SuricataRules.Exported> rules = rules(false);
        assertThat(rules).hasSizeGreaterThan(10);
        for (SuricataRules.Exported rule : rules) {
            List<String> texts = texts(rule);
            hold(rule, fired(rule, texts), matched(rule, texts));
        }
    }

    @Test
    void supersetsNeverFireLess() throws Exception {
        for (SuricataRules.Exported rule : rules(true)) {
            List<String> texts = texts(rule);
            hold(rule, fired(rule, texts), matched(rule, texts));
        }
    }

    @Test
    void realPcreAgreesWithTheShapes(@TempDir Path folder) throws Exception {
        assumeThat(grepKnowsPcre())
                .as("no grep -P here: patterns are not tried with PCRE")
                .isTrue();
        for (SuricataRules.Exported rule : rules(true)) {
            List<String> texts = texts(rule);
            Path input = folder.resolve("texts");
            Files.writeString(input, String.join("\0", texts), StandardCharsets.UTF_8);
            Set<Integer> records = grep(folder, pcre(rule), input);
            hold(rule, records.stream().map(texts::get).toList(), matched(rule, texts));
        }
    }

    private static void hold(
            SuricataRules.Exported rule, List<String> fired, List<String> matched) {
        assertThat(matched).as(rule.message()).isNotEmpty();
        assertThat(fired).as("%s fires for all it should", rule.message()).containsAll(matched);
        if (rule.remark().isEmpty()) {
            assertThat(matched).as("%s fires for no more", rule.message()).containsAll(fired);
        }
    }

    @Test
    void suricataLoadsTheRules(@TempDir Path folder) throws Exception {
        assumeThat(isInstalled("suricata"))
                .as("no suricata here: it is not tried whether it loads the rules")
                .isTrue();
        Path rules = folder.resolve("minewatch.rules");
        Files.write(rules, rules(true).stream().map(SuricataRules.Exported::rule).toList());
        Process process =
                new ProcessBuilder(
                                "suricata", "-T", "-l", folder.toString(), "-S", rules.toString())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    @Test
    void rulesAreOneLineInTheFormSuricataReadsWithANumberOfTheirOwn() {
        List<SuricataRules.Exported> rules = rules(true);
        Set<String> sids = new TreeSet<>();
        for (SuricataRules.Exported rule : rules) {
            Matcher matcher = RULE.matcher(rule.rule());
            assertThat(matcher.matches()).as(rule.rule()).isTrue();
            assertThat(matcher.group(1)).isEqualTo(rule.message());
            assertThat(matcher.group(2)).doesNotContain("\"", ";", "/");
            assertThat(rule.rule().length()).isLessThanOrEqualTo(SuricataRules.MAX_RULE);
            sids.add(matcher.group(3));
        }
        assertThat(sids).hasSameSizeAs(rules);
    }

    @Test
    void whatDependsOnEarlierMessagesIsRefusedWithTheReason() {
        assertThat(remark("stratum-v1.accepted", true)).contains("depends on the request");
        assertThat(remark("webminer.solved", true)).contains("websocket hides the text");
        assertThat(remark("stratum-v1.submit", false)).contains("a rule would fire more often");
    }

    @Test
    void wholeNumberBoundsAreExact() throws Exception {
        for (String range :
                List.of(
                        "0..16",
                        "7..65535",
                        "-99999..99999",
                        "-3..5",
                        "1000..",
                        "..-7",
                        "10..10",
                        "199..2001")) {
            String pattern = new JsonPattern().of(shape("integer " + range));
            Pattern java = JavaPattern.of(JsonPattern.DEFINITIONS + pattern);
            int dots = range.indexOf("..");
            long low = dots == 0 ? Long.MIN_VALUE : Long.parseLong(range.substring(0, dots));
            String upper = range.substring(dots + 2);
            long high = upper.isEmpty() ? Long.MAX_VALUE : Long.parseLong(upper);
            IntStream.rangeClosed(-120_000, 120_000)
                    .forEach(i ->
                            assertThat(java.matcher(Integer.toString(i)).matches())
                                    .as("%s in %s: %s", i, range, pattern)
                                    .isEqualTo(i >= low && i <= high));
        }
    }

    @Test
    void lengthsAreExactWhateverIsEscaped() throws Exception {
        for (int[] range : new int[][] {{0, 3}, {1, 64}, {64, 64}, {63, 130}, {200, 300}}) {
            String bounds = range[0] + ".." + range[1];
            Pattern hex = whole("hex " + bounds);
            Pattern word = whole("word " + bounds);
            for (int length = 0; length < 400; length++) {
                boolean fits = length >= range[0] && length <= range[1];
                assertThat(hex.matcher('"' + "a".repeat(length) + '"').matches()).isEqualTo(fits);
                assertThat(hex.matcher('"' + "\\u0046".repeat(length) + '"').matches())
                        .isEqualTo(fits);
                assertThat(word.matcher('"' + "\\\\".repeat(length) + '"').matches())
                        .isEqualTo(fits);
            }
        }
    }

    private static Pattern whole(String expression) throws Exception {
        return JavaPattern.of(JsonPattern.DEFINITIONS + new JsonPattern().of(shape(expression)));
    }

    private static Shape shape(String expression) throws Exception {
        String file =
                """
                schema: minewatch.signature/1
                id: one
                revision: 1
                title: { en: One, zh: 一 }
                sources: [here]
                framing: json
                work: { target: none, unit: H/s }
                types: { one: '%s' }
                messages:
                  one:
                    from: miner
                    act: other
                    weight: 1
                    group: job
                    message: { method: '=one', value: one }
                    examples: { match: [a], no-match: [b] }
                """
                        .formatted(expression);
        var message = SignatureReader.read("one.yaml", file).messages().getFirst();
        var members = ((Shape.Members) message.shape()).members();
        return members.get(1).shape();
    }

    private static List<SuricataRules.Exported> rules(boolean supersets) {
        return new SuricataRules(supersets)
                .export(files).stream().filter(rule -> !rule.isRefused()).toList();
    }

    private static String remark(String message, boolean supersets) {
        return new SuricataRules(supersets)
                .export(files).stream()
                        .filter(rule -> rule.message().equals(message) && rule.isRefused())
                        .findFirst()
                        .orElseThrow()
                        .remark();
    }

    /// Texts in which the message's shape matches a JSON text of its own.
    private static List<String> matched(SuricataRules.Exported rule, List<String> texts) {
        var matcher = pack.newMatcher();
        List<String> matched = new ArrayList<>();
        for (String text : texts) {
            byte[] bytes = Variants.lastObject(text).getBytes(StandardCharsets.UTF_8);
            if (matcher.parse(bytes, 0, bytes.length)
                    == minewatch.signatures.Matcher.Parse.OBJECT) {
                matcher.match(
                        null,
                        null,
                        template -> {
                            if (template.id().equals(rule.message())) {
                                matched.add(text);
                            }
                        });
            }
        }
        return matched;
    }

    private static List<String> fired(SuricataRules.Exported rule, List<String> texts)
            throws InterruptedException {
        Pattern pattern = JavaPattern.of(pcre(rule));
        List<String> fired = new ArrayList<>();
        Runnable search =
                () -> texts.stream().filter(text -> fits(pattern, text)).forEach(fired::add);
        Thread thread = new Thread(null, search, "search", DEEP_STACK); // it recurses per character
        thread.start();
        thread.join();
        return fired;
    }

    private static boolean fits(Pattern pattern, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return pattern.matcher(new String(bytes, StandardCharsets.ISO_8859_1)).find();
    }

    private static String pcre(SuricataRules.Exported rule) {
        Matcher matcher = RULE.matcher(rule.rule());
        assertThat(matcher.matches()).isTrue();
        return matcher.group(2);
    }

    private static boolean grepKnowsPcre() throws Exception {
        return isInstalled("grep")
                && new ProcessBuilder("grep", "-Pq", "(?<x>a)(?&x)", "/dev/null").start().waitFor()
                        == 1;
    }

    private static boolean isInstalled(String program) throws Exception {
        return new ProcessBuilder("sh", "-c", "command -v " + program).start().waitFor() == 0;
    }

    /// Records of `input`, from 0, that a pattern fits, as grep has it.
    private static Set<Integer> grep(Path folder, String pattern, Path input)
            throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("pattern"), pattern);
        ProcessBuilder builder =
                new ProcessBuilder("grep", "-Pzno", "-f", file.toString(), input.toString());
        builder.environment().put("LC_ALL", "C");
        Process process = builder.redirectErrorStream(true).start();
        String output =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(process.waitFor()).as(output).isLessThan(2);
        Set<Integer> records = new TreeSet<>();
        for (String record : output.split("\0", -1)) {
            if (!record.isEmpty()) {
                records.add(Integer.parseInt(record.substring(0, record.indexOf(':'))) - 1);
            }
        }
        return records;
    }
}
