package minewatch.sensor.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import minewatch.testkit.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureFilesTest {
    @TempDir Path folder;

    @Test
    void folderMeansTheCapturesBelowItWhateverTheirNames() throws IOException {
        byte[] pcap = Captures.pcap(ByteOrder.BIG_ENDIAN).bytes();
        Path inner = Files.createDirectories(folder.resolve("b/c"));
        Path plain = Files.write(folder.resolve("a.txt"), pcap);
        Path packed = Files.write(inner.resolve("no-name"), Zstd.compress(pcap));
        Files.writeString(folder.resolve("notes.pcap"), "these are notes");
        Files.write(folder.resolve("broken.gz"), new byte[] {0x1F, (byte) 0x8B, 0, 0, 0});

        List<String> found = CaptureFiles.find(List.of(folder.toString()));

        assertThat(found).containsExactly(plain.toString(), packed.toString());
    }

    @Test
    void namedFilesStayInOrderWhateverTheyAre() throws IOException {
        Path notes = Files.writeString(folder.resolve("notes"), "these are notes");
        List<String> named = List.of("-", notes.toString(), folder.resolve("none").toString());

        assertThat(CaptureFiles.find(named)).isEqualTo(named);
    }
}
