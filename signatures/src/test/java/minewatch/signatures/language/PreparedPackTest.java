package minewatch.signatures.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import minewatch.signatures.SignaturePacks;
import org.junit.jupiter.api.Test;

class PreparedPackTest {
    @Test
    void itSaysWhatTheYamlFilesSayOfMatching() throws Exception {
        assertThat(prepared())
                .hasSizeGreaterThan(40)
                .isEqualTo(
                        SignaturePacks.files(List.of()).stream()
                                .map(PreparedPackTest::withoutExamples)
                                .toList());
    }

    private static SignatureFile withoutExamples(SignatureFile file) {
        return new SignatureFile(
                file.file(),
                file.id(),
                file.protocol(),
                file.revision(),
                file.title(),
                file.sources(),
                file.framing(),
                file.claim(),
                file.algorithm(),
                file.dispatch(),
                file.work(),
                file.messages().stream().map(PreparedPackTest::withoutExamples).toList());
    }

    private static SignatureFile.Message withoutExamples(SignatureFile.Message message) {
        return new SignatureFile.Message(
                message.name(),
                message.from(),
                message.act(),
                message.weight(),
                message.group(),
                message.needsRequest(),
                message.answers(),
                message.algorithm(),
                message.shape(),
                List.of(),
                List.of());
    }

    private static List<SignatureFile> prepared() throws Exception {
        try (InputStream in =
                SignaturePacks.class.getResourceAsStream("/minewatch/signatures/pack.prepared")) {
            return PreparedPack.read(Objects.requireNonNull(in, "the build makes it"));
        }
    }
}
