package minewatch.sensor.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.sensor.command.TalkCapture.Seen;
import minewatch.signatures.Act;
import minewatch.signatures.Dialect;
import minewatch.signatures.Side;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.language.SignatureFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every dialect of the pack in every way a tap may see it, as frames through the whole sensor: the
/// conversations of `talk/`, and one made of each signature file's own examples.
class TalkTest {
    private static final Set<String> FOUND = Set.of("miner", "probable", "browser");
    private static final double LEAST_FOUND = 0.97;

    /// What is not found, and why (docs/explanation/limits.md).
    private static final Set<String> MISSES =
            Set.of("bytom OPENER_HALF", "xelis+key LISTENER_HALF");

    private static final String WALLET =
            """
            {"id":10,"method":"server.version","params":["electrum/4.5.5","1.4"]}
            {"id":11,"method":"blockchain.headers.subscribe","params":[]}
            """;

    private static final SignaturePack PACK = SignaturePacks.builtIn();

    @TempDir Path folder;
    private final Set<String> missed = new TreeSet<>();
    private final List<String> details = new ArrayList<>();
    private int cases;

    @Test
    void everyDialectIsFoundInEveryForm() throws Exception {
        List<Talk> talks = Talk.all("talk");
        assertThat(dialectsOf(talks)).containsAll(spokenDialects());
        for (Talk talk : talks) {
            for (Seen seen : Seen.values()) {
                hold(talk, seen, talk.name() + " " + seen);
            }
            hold(talk.rewritten(JsonForms::reordered), Seen.WHOLE, talk.name() + " REORDERED_KEYS");
            hold(talk.rewritten(JsonForms::escaped), Seen.WHOLE, talk.name() + " ESCAPED_KEYS");
        }
        assertThat(missed).as(String.join("\n", details)).isEqualTo(new TreeSet<>(MISSES));
        assertThat(missed.size()).isLessThanOrEqualTo((int) (cases * (1 - LEAST_FOUND)));
    }

    @Test
    void everySignatureFileFindsADialogueOfItsOwnExamples() throws Exception {
        for (SignatureFile file : SignaturePacks.files(List.of())) {
            if (spokenDialects().contains(file.protocol())
                    && file.framing() == Dialect.Framing.JSON) {
                Talk talk = ofExamples(file);
                hold(talk, Seen.WHOLE, file.id() + " EXAMPLES");
                hold(
                        talk.rewritten(JsonForms::escaped),
                        Seen.ONE_BYTE_SEGMENTS,
                        file.id() + " EXAMPLES byte by byte");
            }
        }
        assertThat(missed).as(String.join("\n", details)).isEmpty();
    }

    @Test
    void sharesAndTheirWorkAreCountedAsTheDialectHasThem() throws Exception {
        List<Talk> talks = Talk.all("talk");
        for (Talk talk : talks) {
            Talk.Mined mined = talk.shares();
            if (mined != null) {
                Hit hit = TalkCapture.scan(talk, Seen.WHOLE, PACK, folder).hits().getFirst();
                long accepted = (long) mined.submitted() - mined.rejected();
                assertThat(hit.getShares().getSubmitted())
                        .as(talk.name())
                        .isEqualTo(mined.submitted());
                assertThat(hit.getShares().getRejected())
                        .as(talk.name())
                        .isEqualTo(mined.rejected());
                Hashrate rate = hit.getHashrateOrThrow(hit.getAlgorithms(0));
                assertThat(rate.getBest() * rate.getSeconds() / (double) accepted)
                        .as(talk.name())
                        .isCloseTo(mined.hashes(), withPercentage(0.001));
            }
        }
        assertThat(talks.stream().filter(talk -> talk.shares() != null)).hasSizeGreaterThan(25);
    }

    @Test
    void whatIsNotFoundStandsInTheDocs() throws Exception {
        Path page = Path.of(System.getProperty("minewatch.root"), "docs/explanation/limits.md");

        assertThat(Files.readString(page))
                .contains(MISSES.stream().map("`%s`"::formatted).toList());
    }

    @Test
    void greetingOfAWalletSpeaksAgainstWhatIsWeak() throws Exception {
        String weak =
                """
                {"id":1,"method":"mining.subscribe","params":["x"]}
                {"id":2,"method":"mining.suggest_difficulty","params":[1000]}
                {"id":3,"method":"mining.extranonce.subscribe","params":[]}
                {"id":4,"method":"mining.authorize","params":["ann","x"]}
                """;
        assertThat(verdictsOf(weak)).containsExactly("miner");

        assertThat(verdictsOf(weak + WALLET)).isEmpty();
    }

    @Test
    void minerCannotHideBehindTheGreetingsOfOthers() throws Exception {
        for (Talk talk : Talk.all("talk")) {
            if (talk.name().equals("stratum-v1")) {
                List<Talk.Said> said = new ArrayList<>(lines(WALLET));
                said.addAll(talk.said());
                Talk mixed = new Talk(talk.name(), false, said, 1, null);
                assertThat(verdictsOf(mixed)).containsExactly("miner");
            }
        }
    }

    private List<String> verdictsOf(String lines) throws IOException {
        return verdictsOf(new Talk("made", false, lines(lines), 1, null));
    }

    private List<String> verdictsOf(Talk talk) throws IOException {
        return TalkCapture.scan(talk, Seen.WHOLE, PACK, folder).hits().stream()
                .map(HitText::verdict)
                .toList();
    }

    private static List<Talk.Said> lines(String text) {
        return text.lines()
                .map(line -> new Talk.Said(true, (line + "\n").getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private void hold(Talk talk, Seen seen, String name) throws IOException {
        cases++;
        List<Hit> hits = TalkCapture.scan(talk, seen, PACK, folder).hits();
        boolean found =
                hits.size() == 1
                        && FOUND.contains(HitText.verdict(hits.getFirst()))
                        && HitText.sourceIp(hits.getFirst()).equals(TalkCapture.OPENER)
                        && hits.getFirst().getProtocolsList().equals(List.of(talk.protocol()));
        if (!found) {
            missed.add(name);
            details.add(name + ": " + hits.stream().map(TalkTest::summary).toList());
        }
    }

    private static String summary(Hit hit) {
        return "%s %s %s %.3f"
                .formatted(
                        HitText.sourceIp(hit),
                        HitText.verdict(hit),
                        hit.getProtocolsList(),
                        hit.getConfidence());
    }

    private static Set<String> dialectsOf(List<Talk> talks) {
        return talks.stream().map(Talk::protocol).collect(Collectors.toSet());
    }

    /// The dialects whose messages are JSON texts on a stream.
    private static Set<String> spokenDialects() {
        Set<String> spoken = new HashSet<>();
        for (Dialect dialect : PACK.dialects()) {
            if (dialect.framing() == Dialect.Framing.JSON
                    && dialect.claim() != Dialect.Claim.NONE) {
                spoken.add(dialect.protocol());
            }
        }
        return spoken;
    }

    /// Each message's first example, replies beside what they answer.
    private static Talk ofExamples(SignatureFile file) {
        List<Talk.Said> said = new ArrayList<>();
        int id = 100;
        for (SignatureFile.Message message : file.messages()) {
            if (message.answers().isEmpty()) {
                id++;
                say(said, message, IntNode.valueOf(id));
                for (SignatureFile.Message reply : file.messages()) {
                    if (reply.answers().contains(message.name())
                            && reply.act() != Act.REJECTED
                            && said.size() < 60) {
                        say(said, reply, IntNode.valueOf(id));
                        break;
                    }
                }
            }
        }
        return new Talk(file.protocol(), false, said, 1, null);
    }

    private static void say(List<Talk.Said> said, SignatureFile.Message message, JsonNode id) {
        String text = JsonForms.withId(message.match().getFirst().text(), id) + "\n";
        said.add(
                new Talk.Said(message.from() == Side.MINER, text.getBytes(StandardCharsets.UTF_8)));
    }
}
