package minewatch.signatures;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackRevisionTest {
    @TempDir Path folder;

    @Test
    void sameFilesInAnotherFolderAreTheSameRevision() throws Exception {
        String builtIn = SignaturePacks.revision(List.of());
        assertThat(builtIn).matches("[0-9a-f]{12}");
        String one = revision("one", "text");
        assertThat(revision("two", "text")).isEqualTo(one).isNotEqualTo(builtIn);
    }

    @Test
    void everyByteAndNameCounts() throws Exception {
        String before = revision("one", "text");
        assertThat(revision("two", "Text")).isNotEqualTo(before);
        Path three = Files.createDirectories(folder.resolve("three"));
        Files.writeString(three.resolve("other.yaml"), "text");
        assertThat(SignaturePacks.revision(List.of(three))).isNotEqualTo(before);
        Path lists = Files.createDirectories(folder.resolve("one").resolve("endpoints"));
        Files.writeString(lists.resolve("more.csv"), "row");
        assertThat(SignaturePacks.revision(List.of(folder.resolve("one")))).isNotEqualTo(before);
    }

    private String revision(String name, String text) throws Exception {
        Path own = Files.createDirectories(folder.resolve(name));
        Files.writeString(own.resolve("a.yaml"), text);
        return SignaturePacks.revision(List.of(own));
    }
}
