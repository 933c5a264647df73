package minewatch.collector.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import minewatch.feed.release.ReleaseFile;
import minewatch.feed.release.ReleaseKeys;
import minewatch.feed.v1.Release;
import minewatch.feed.v1.ReleaseOffer;
import minewatch.feed.v1.ReleasedFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// What sensors are offered of a folder, and what is said of the rest.
class ReleaseFolderTest {
    private static final KeyPair KEYS = ReleaseKeys.generate();

    @TempDir Path folder;
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ReleaseFolder.class);

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    @Test
    void newestForASensorIsOffered() throws Exception {
        ReleaseFolder releases = folder(List.of());
        write("a.release", 7);
        write("b.release", 8, "tap-2", "tap-3");
        write("c.release", 3);
        Files.writeString(folder.resolve("notes.txt"), "no release");
        look(releases);
        assertThat(number(releases, "tap-1")).isEqualTo(7);
        assertThat(number(releases, "tap-2")).isEqualTo(8);
        Files.delete(folder.resolve("a.release"));
        look(releases);
        assertThat(number(releases, "tap-1")).isEqualTo(3);
        assertThat(warnings()).isEmpty();
    }

    @Test
    void changedFileIsOfferedAgainAndUntilThenTheFormerOne() throws Exception {
        ReleaseFolder releases = folder(List.of());
        write("a.release", 7);
        look(releases);
        write("next", 8);
        Files.move(
                folder.resolve("next"),
                folder.resolve("a.release"),
                StandardCopyOption.REPLACE_EXISTING);
        releases.refresh();
        assertThat(number(releases, "tap-1")).as("perhaps still being written").isEqualTo(7);
        releases.refresh();
        assertThat(number(releases, "tap-1")).isEqualTo(8);
    }

    @Test
    void fileThatCannotBeUsedIsSaidOnceForEachChange() throws Exception {
        ReleaseFolder releases = folder(List.of());
        write("a.release", 7);
        Path bad = Files.writeString(folder.resolve("bad.release"), "no release at all");
        Files.write(folder.resolve("long.release"), new byte[ReleaseFile.MAX_BYTES + 1]);
        look(releases);
        look(releases);
        assertThat(number(releases, "tap-1")).isEqualTo(7);
        assertThat(warnings())
                .hasSize(2)
                .anySatisfy(
                        line -> assertThat(line).contains(bad + " is no release file of a form"))
                .anySatisfy(
                        line -> assertThat(line).contains("long.release is longer than 4194304"));
        Files.writeString(bad, "still none");
        look(releases);
        assertThat(warnings()).hasSize(3);
        assertThat(metrics.counter("minewatch.collector.accept.releases", "result", "unusable"))
                .matches(counter -> counter.count() == 3);
    }

    @Test
    void withKeysOnlyWhatTheySignedIsOffered() throws Exception {
        ReleaseFolder releases = folder(List.of("release.pem"));
        write("a.release", 7);
        byte[] foreign = ReleaseFile.sign(release(8).build(), ReleaseKeys.generate().getPrivate());
        Files.write(folder.resolve("b.release"), foreign);
        look(releases);
        assertThat(number(releases, "tap-1")).isEqualTo(7);
        assertThat(warnings()).singleElement().asString().contains("b.release is not signed by");
        assertThatThrownBy(() -> folder(List.of("a.release")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("releases.keys: ")
                .hasMessageContaining("holds no Ed25519 key");
    }

    @Test
    void folderThatIsNotThereIsSaidOnceAndTakenUpWhenItIs() throws Exception {
        Path later = folder.resolve("later");
        var releases = ReleaseFolder.of(new ReleasesConfig(later, List.of()), metrics);
        look(releases);
        look(releases);
        assertThat(warnings()).hasSize(1);
        Files.createDirectory(later);
        write("later/a.release", 7);
        look(releases);
        assertThat(number(releases, "tap-1")).isEqualTo(7);
    }

    @Test
    void moreThanFitIsNotHeld() throws Exception {
        ReleaseFolder releases = folder(List.of());
        for (int i = 1; i <= 20; i++) {
            Release large =
                    release(i)
                            .addSignatures(
                                    ReleasedFile.newBuilder()
                                            .setName("large.yaml")
                                            .setText("#".repeat(4_000_000)))
                            .build();
            Files.write(folder.resolve(i + ".release"), ReleaseFile.sign(large, KEYS.getPrivate()));
        }
        look(releases);
        assertThat(warnings())
                .hasSize(20 - (int) (ReleaseFolder.MAX_TOTAL_BYTES / 4_000_000))
                .allSatisfy(line -> assertThat(line).contains("of releases; move old ones away"));
    }

    @Test
    void partsMakeTheFileAndAreForThoseItIsFor() throws Exception {
        ReleaseFolder releases = folder(List.of());
        Release large = release(7, "tap-1").setSettings("#".repeat(60_000)).build();
        byte[] file = ReleaseFile.sign(large, KEYS.getPrivate());
        Files.write(folder.resolve("a.release"), file);
        look(releases);
        ReleaseOffer offer = releases.newest("tap-1").orElseThrow();
        assertThat(offer.getSize()).isEqualTo(file.length);
        assertThat(offer.getDigest()).isEqualTo(ReleaseFile.digest(file));
        assertThat(part(releases, offer, 0).orElseThrow().toByteArray())
                .isEqualTo(Arrays.copyOf(file, ReleaseFolder.PART_BYTES));
        assertThat(part(releases, offer, ReleaseFolder.PART_BYTES).orElseThrow().toByteArray())
                .isEqualTo(Arrays.copyOfRange(file, ReleaseFolder.PART_BYTES, file.length));
        assertThat(part(releases, offer, file.length).orElseThrow()).isEmpty();
        assertThat(part(releases, offer, -1)).isPresent();
        assertThat(part(releases, offer, Integer.MAX_VALUE).orElseThrow()).isEmpty();
        assertThat(releases.newest("tap-2")).isEmpty();
        assertThat(releases.part("tap-2", offer.getDigest(), 0)).isEmpty();
        assertThat(releases.part("tap-1", ByteString.copyFromUtf8("other"), 0)).isEmpty();
    }

    private static Optional<ByteString> part(
            ReleaseFolder releases, ReleaseOffer offer, int offset) {
        return releases.part("tap-1", offer.getDigest(), offset);
    }

    private ReleaseFolder folder(List<String> keys) throws IOException {
        Files.writeString(folder.resolve("release.pem"), ReleaseKeys.pem(KEYS.getPublic()));
        return ReleaseFolder.of(
                new ReleasesConfig(folder, keys.stream().map(folder::resolve).toList()), metrics);
    }

    /// Twice, so that what did not change meanwhile is read.
    private static void look(ReleaseFolder releases) {
        releases.refresh();
        releases.refresh();
    }

    private static long number(ReleaseFolder releases, String sensor) {
        return releases.newest(sensor).map(ReleaseOffer::getNumber).orElse(0L);
    }

    private void write(String name, long number, String... sensors) throws Exception {
        Files.write(
                folder.resolve(name),
                ReleaseFile.sign(release(number, sensors).build(), KEYS.getPrivate()));
    }

    private static Release.Builder release(long number, String... sensors) {
        return Release.newBuilder().setNumber(number).addAllSensors(List.of(sensors));
    }

    private List<String> warnings() {
        return log.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
