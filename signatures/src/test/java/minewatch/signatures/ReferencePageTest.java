package minewatch.signatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import minewatch.signatures.compile.Examples;
import minewatch.signatures.language.InvalidSignaturesException;
import minewatch.signatures.language.SignatureReader;
import org.junit.jupiter.api.Test;

/// What docs/reference/signatures.md shows is so.
class ReferencePageTest {
    private static String page() throws Exception {
        Path root = Path.of(System.getProperty("minewatch.root", ""));
        return Files.readString(root.resolve("docs/reference/signatures.md"));
    }

    /// The first block fenced as `language`.
    private static String block(String language) throws Exception {
        String page = page();
        String fence = "```" + language + "\n";
        int start = page.indexOf(fence) + fence.length();
        return page.substring(start, page.indexOf("```", start));
    }

    @Test
    void exampleFileIsValidAndItsExamplesHold() throws Exception {
        assertThat(Examples.failures(SignatureReader.read("own.yaml", block("yaml")))).isEmpty();
    }

    @Test
    void examplesOfProblemsAreWhatIsTold() throws Exception {
        String broken =
                block("yaml")
                        .replace("act: share", "act: shar")
                        .replace("'word 1..64 as job'", "'wrod 1..64 as job'");

        assertThatThrownBy(() -> SignatureReader.read("own.yaml", broken))
                .isInstanceOf(InvalidSignaturesException.class)
                .satisfies(e -> assertThat(page()).contains("```\n" + e.getMessage() + "\n```"));
    }

    @Test
    void everyDialectOfThePackIsListed() throws Exception {
        for (Dialect dialect : SignaturePacks.builtIn().dialects()) {
            assertThat(page()).contains("| `" + dialect.id() + "` |");
        }
    }

    @Test
    void everyFieldIsListed() throws Exception {
        for (Field field : Field.values()) {
            assertThat(page()).contains("`" + field.word() + "`");
        }
    }
}
