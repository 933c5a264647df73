package minewatch.signatures.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import minewatch.signatures.Dialect;
import minewatch.signatures.Field;
import minewatch.signatures.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureReaderTest {
    static final String VALID =
            """
            schema: minewatch.signature/1
            id: test
            revision: 3
            title: { en: Test, zh: 测试 }
            sources: [a document]
            framing: json
            work:
              hashes-per-difficulty: 2
              target: none
              unit: H/s
            messages:
              dig:
                from: miner
                act: share
                weight: 4.5
                group: share
                message:
                  method: '=dig'
                  params: ['word 1..9 as account', 'hex 8']
                examples:
                  match: ['{"method":"dig","params":["a","0000ffff"]}']
                  no-match: ['{"method":"dig"}']
            """;

    private static List<String> problems(String text) {
        var e =
                catchThrowableOfType(
                        InvalidSignaturesException.class,
                        () -> SignatureReader.read("test.yaml", text));
        assertThat(e).as("it was accepted").isNotNull();
        return e.problems().stream().map(Problem::toString).toList();
    }

    @Test
    void verdictAndProtocolAreTheMinersOwnUnlessSaid() throws Exception {
        SignatureFile plain = SignatureReader.read("test.yaml", VALID);
        assertThat(plain.claim()).isEqualTo(Dialect.Claim.MINER);
        assertThat(plain.protocol()).isEqualTo("test");

        String said =
                VALID.replace("id: test", "id: test-noise\nprotocol: test\nverdict: node")
                        .replace("from: miner", "from: either");
        SignatureFile other = SignatureReader.read("test.yaml", said);
        assertThat(other.claim()).isEqualTo(Dialect.Claim.NODE);
        assertThat(other.protocol()).isEqualTo("test");
        assertThat(other.messages().getFirst().from()).isEqualTo(Side.EITHER);

        assertThat(problems(VALID.replace("id: test", "id: test\nverdict: nod")))
                .containsExactly(
                        "test.yaml:3:10: verdict: nod (expected: a known name; did you mean node?)");
        assertThat(problems(VALID.replace("id: test", "id: test\nprotocol: A B")))
                .singleElement()
                .asString()
                .contains("protocol: A B (expected: a-z, 0-9 and -");
    }

    private static List<String> problemsOfShape(String shape) {
        return problems(VALID.replace("['word 1..9 as account', 'hex 8']", shape));
    }

    @Test
    void validFileIsReadInFull() throws Exception {
        SignatureFile file = SignatureReader.read("test.yaml", VALID);

        assertThat(file.id()).isEqualTo("test");
        assertThat(file.revision()).isEqualTo(3);
        assertThat(file.title()).containsEntry("zh", "测试");
        assertThat(file.dispatch()).containsExactly("method");
        assertThat(file.algorithm()).isNull();
        assertThat(file.messages())
                .singleElement()
                .satisfies(m -> {
                    assertThat(m.weight()).isEqualTo(4.5);
                    assertThat(((Shape.Members) m.shape()).members().get(1).shape())
                            .isEqualTo(
                                    new Shape.Tuple(
                                            List.of(
                                                    new Shape.Captured(
                                                            new Shape.Text(1, 9, "", true),
                                                            Field.ACCOUNT),
                                                    new Shape.Hex(8, 8, Shape.ZeroX.FORBIDDEN, "")),
                                            2,
                                            null));
                });
    }

    @Test
    void allProblemsAreToldAtOnceWithTheirPlaces() {
        String text =
                VALID.replace("revision: 3", "revison: 3")
                        .replace("weight: 4.5", "weight: heavy")
                        .replace("act: share", "act: shared")
                        .replace("'hex 8'", "'hex eight'");

        assertThat(problems(text))
                .containsExactlyInAnyOrder(
                        "test.yaml:3:1: file: revison (expected: a known name; did you mean"
                                + " revision?)",
                        "test.yaml:1:1: revision: nothing (expected: a number from 1.0 to"
                                + " 1000000.0)",
                        "test.yaml:14:10: messages.dig.act: shared (expected: a known name; did you"
                                + " mean share?)",
                        "test.yaml:15:13: messages.dig.weight: heavy (expected: a number from 0.0"
                                + " to 10.0)",
                        "test.yaml:19:40: messages.dig.message.params[1]: eight (expected: | or as,"
                                + " or the end)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "['txt 1..9'] ! params[0]: txt (expected: a known name; did you mean text?)",
                "['text 9..1'] ! params[0]: 9..1 (expected: n, n.., ..m or n..m with n not above m)",
                "['text 1..99999'] ! params[0]: 1.0..99999.0 (expected: whole lengths from 0 to 65536)",
                "['hex 8 prefix xyz'] ! params[0]: xyz (expected: digits 0-9 and a-f)",
                "['hex 8 as acount'] ! params[0]: acount (expected: one of agent,",
                "['list 3 hex 8'] ! params[0]: hex (expected: of, then the elements' shape)",
                "['rest any', any] ! params[1]: an element after rest (expected: rest as the last)",
                "['optional any', any] ! params[1]: required (expected: optional, as those before it)",
                "['rest word as agent'] ! params[0]: a field in rest (expected: fields of single values)",
                "'optional any' ! params: optional any (expected: optional and rest only in an array)",
                "{ a: any, 'a?': any } ! params: a? (expected: a key only once)",
                "{ '...': 'word as agent' } ! params....: a field in a repeated value",
            })
    void shapesThatMakeNoSenseAreExplained(String shape, String problem) {
        assertThat(problemsOfShape(shape)).singleElement().asString().contains(problem);
    }

    @Test
    void typesThatMultiplyAreCutOff() {
        StringBuilder types = new StringBuilder("types:\n  t0: 'any | null'\n");
        for (int i = 1; i < 30; i++) {
            types.append("  t%d: 't%d | t%d'\n".formatted(i, i - 1, i - 1));
        }
        String text = VALID.replace("messages:", types + "messages:").replace("'hex 8'", "t29");

        assertThat(problems(text)).anyMatch(p -> p.contains("shapes (expected: at most 512)"));
    }

    @Test
    void anchorsAliasesTagsAndRepeatedKeysAreRefused() {
        assertThat(problems(VALID.replace("en: Test", "en: &x Test").replace("zh: 测试", "zh: *x")))
                .isNotEmpty()
                .allMatch(p -> p.contains("an anchor or alias (expected: none)"));
        assertThat(problems(VALID.replace("en: Test", "en: !!str Test")))
                .singleElement()
                .asString()
                .contains("tag");
        assertThat(problems(VALID + "id: again\n"))
                .singleElement()
                .asString()
                .contains("id (expected: a key only once)");
    }

    @Test
    void messageWithoutBothKindsOfExamplesIsRefused() {
        String text = VALID.replace("      no-match: ['{\"method\":\"dig\"}']\n", "");

        assertThat(problems(text))
                .singleElement()
                .asString()
                .contains(
                        "messages.dig.examples.no-match: nothing (expected: at least one example)");
    }

    @Test
    void replyThatNeedsItsRequestMustSayWhich() {
        assertThat(problems(VALID.replace("group: share", "group: share\n    needs-request: true")))
                .singleElement()
                .asString()
                .contains("answers: nothing (expected: the messages it answers)");
        assertThat(problems(VALID.replace("group: share", "group: share\n    answers: [dg]")))
                .singleElement()
                .asString()
                .contains("dg (expected: a known name; did you mean dig?)");
    }

    @Test
    void textThatIsNoYamlIsOneProblemWithItsPlace() {
        assertThat(problems("id: [1, 2"))
                .singleElement()
                .asString()
                .startsWith("test.yaml:")
                .endsWith("(expected: YAML 1.1)");
        assertThat(problems("")).singleElement().asString().contains("nothing");
        assertThat(problems("- a\n- b")).singleElement().asString().contains("no mapping");
        assertThat(problems(VALID + "---\nid: x\n"))
                .singleElement()
                .asString()
                .contains("document");
        assertThat(problems("a: ".repeat(100) + "b")).singleElement().asString().contains("YAML");
        assertThat(problems("[".repeat(5000))).isNotEmpty();
        assertThat(problems("x".repeat(SignatureReader.MAX_BYTES + 1)))
                .singleElement()
                .asString()
                .contains("at most 262144");
    }

    @Test
    void controlCharactersOfAFileNeverReachTheTerminal() {
        assertThat(problems(VALID.replace("framing: json", "framing: \"\\e[31mjson\"")))
                .singleElement()
                .asString()
                .doesNotContain("\u001b");
    }
}
