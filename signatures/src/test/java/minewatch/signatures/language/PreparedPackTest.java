package minewatch.signatures.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import minewatch.signatures.SignaturePacks;
import org.junit.jupiter.api.Test;

class PreparedPackTest {
    @Test
    void itSaysWhatTheYamlFilesSay() throws Exception {
        assertThat(withoutLines(prepared()))
                .hasSizeGreaterThan(40)
                .isEqualTo(withoutLines(SignaturePacks.files(List.of())));
    }

    private static List<String> withoutLines(List<SignatureFile> files) {
        return files.stream().map(file -> file.toString().replaceAll("line=\\d+", "")).toList();
    }

    private static List<SignatureFile> prepared() throws Exception {
        try (InputStream in =
                SignaturePacks.class.getResourceAsStream("/minewatch/signatures/pack.json")) {
            return PreparedPack.read(Objects.requireNonNull(in, "the build makes it"));
        }
    }
}
