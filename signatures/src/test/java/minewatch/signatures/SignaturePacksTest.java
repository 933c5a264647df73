package minewatch.signatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import minewatch.signatures.language.EndpointReader;
import minewatch.signatures.language.InvalidSignaturesException;
import minewatch.signatures.language.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignaturePacksTest {
    private static final String OWN =
            """
            schema: minewatch.signature/1
            id: %s
            revision: 1
            title: { en: Own, zh: 自有 }
            sources: [ours]
            framing: json
            work: { target: none, unit: H/s }
            messages:
              dig:
                from: miner
                act: share
                weight: %s
                group: share
                message: { method: '=mining.dig' }
                examples:
                  match: ['{"method":"mining.dig"}']
                  no-match: ['{"method":"dig"}']
            """;

    private static final String DIG = "{\"method\":\"mining.dig\"}";

    @TempDir Path folder;

    @Test
    void templateIndexesAreDenseAndPointHome() {
        SignaturePack pack = SignaturePacks.builtIn();

        for (int i = 0; i < pack.templateCount(); i++) {
            Template template = pack.templates().get(i);
            assertThat(template.index()).isEqualTo(i);
            Dialect dialect = pack.dialects().get(template.dialect());
            assertThat(dialect.templates()).contains(template);
            assertThat(template.id()).startsWith(dialect.id() + ".");
        }
    }

    @Test
    void fileOfAFolderIsOneMoreDialect() throws Exception {
        Files.writeString(folder.resolve("own.yaml"), OWN.formatted("own", "4"));
        SignaturePack pack = SignaturePacks.load(List.of(folder));

        assertThat(pack.dialects()).hasSize(SignaturePacks.builtIn().dialects().size() + 1);
        assertThat(new Messages(pack).match("{\"method\":\"mining.dig\"}"))
                .containsExactly("own.dig");
    }

    @Test
    void fileWithABuiltInIdTakesItsPlace() throws Exception {
        Files.writeString(folder.resolve("mine.yaml"), OWN.formatted("stratum-v1", "4"));
        SignaturePack pack = SignaturePacks.load(List.of(folder));

        assertThat(pack.dialects()).hasSameSizeAs(SignaturePacks.builtIn().dialects());
        assertThat(new Messages(pack).match("{\"method\":\"mining.dig\"}"))
                .containsExactly("stratum-v1.dig");
    }

    @Test
    void problemsOfAllFilesAreToldTogether() throws Exception {
        Files.writeString(folder.resolve("a.yaml"), OWN.formatted("a", "99"));
        Files.writeString(folder.resolve("b.yaml"), OWN.formatted("B", "4"));

        assertThatThrownBy(() -> SignaturePacks.load(List.of(folder)))
                .isInstanceOf(InvalidSignaturesException.class)
                .hasMessageContaining("a.yaml:12:13: messages.dig.weight: 99")
                .hasMessageContaining("b.yaml:2:5: id: B");
    }

    @Test
    void textsStandBetweenWhatIsBuiltInAndTheFolders() throws Exception {
        var texts =
                new SignatureTexts(
                        "release 1",
                        Map.of("own.yaml", OWN.formatted("stratum-v1", "4")),
                        Map.of("own.csv", EndpointReader.HEADER + "\n"));
        assertThat(SignaturePacks.lint(texts)).isEmpty();
        assertThat(new Messages(SignaturePacks.load(texts, List.of())).match(DIG))
                .containsExactly("stratum-v1.dig");
        assertThat(SignaturePacks.revision(texts, List.of()))
                .isNotEqualTo(SignaturePacks.revision(List.of()));
        Files.writeString(
                folder.resolve("mine.yaml"),
                OWN.formatted("stratum-v1", "4").replace("  dig:", "  delve:"));
        assertThat(new Messages(SignaturePacks.load(texts, List.of(folder))).match(DIG))
                .containsExactly("stratum-v1.delve");
    }

    @Test
    void problemsOfTextsAreToldWithTheirExamples() {
        var texts =
                new SignatureTexts(
                        "release 1",
                        Map.of(
                                "a.yaml", OWN.formatted("a", "99"),
                                "b.yaml", OWN.formatted("b", "4").replace("['{", "['[")),
                        Map.of("c.csv", "no heading\n"));
        assertThat(SignaturePacks.lint(texts).stream().map(Problem::file))
                .contains("release 1/a.yaml", "release 1/b.yaml", "release 1/c.csv");
        assertThatThrownBy(() -> SignaturePacks.load(texts, List.of()))
                .isInstanceOf(InvalidSignaturesException.class)
                .hasMessageContaining("release 1/a.yaml:12:13: messages.dig.weight: 99");
    }
}
