package minewatch.sensor.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import minewatch.config.ConfigException;
import minewatch.feed.release.ReleaseFile;
import minewatch.feed.release.ReleaseKeys;
import minewatch.feed.v1.Release;
import minewatch.feed.v1.ReleaseOffer;
import minewatch.feed.v1.ReleasedFile;
import minewatch.sensor.SensorConfig;
import minewatch.signatures.SignaturePack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Which releases a sensor takes, what it makes of them, and what is left of them on its disk.
class ReleasesTest {
    private static final KeyPair KEYS = ReleaseKeys.generate();
    private static final String LEAST =
            "sensor: {id: s-1}\ncapture: {interface: eth1}\nuplink: {collector: 'a:1'}\n";

    @TempDir Path folder;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Releases.class);
    private final List<Equipment> changes = new ArrayList<>();
    private String dig = "";

    @BeforeEach
    void prepare() throws Exception {
        dig =
                Files.readString(
                        Path.of(System.getProperty("minewatch.root"))
                                .resolve("docs/tutorial/dig/dig.yaml"));
        Files.writeString(folder.resolve("release.pem"), ReleaseKeys.pem(KEYS.getPublic()));
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    @Test
    void soundReleaseIsTakenKeptAndThereAfterARestart() throws Exception {
        Releases releases = open("");
        String own = releases.inForce().revision();
        assertThat(releases.onRelease(sign(withDig(7)))).isTrue();
        assertThat(changes).containsExactly(releases.inForce());
        Equipment inForce = releases.inForce();
        assertThat(inForce.release()).isEqualTo(7);
        assertThat(inForce.revision()).isNotEqualTo(own);
        assertThat(has(inForce.pack(), "dig")).isTrue();
        assertThat(inForce.config().rollup().interval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(registry.get("minewatch.sensor.release.number").gauge().value()).isEqualTo(7);

        Equipment again = open("").inForce();
        assertThat(again.release()).isEqualTo(7);
        assertThat(again.revision()).isEqualTo(inForce.revision());
        assertThat(again.config()).isEqualTo(inForce.config());
    }

    @Test
    void nextReleaseTakesThePlaceOfTheOneBeforeAsAWhole() throws Exception {
        Releases releases = open("");
        assertThat(releases.onRelease(sign(withDig(7)))).isTrue();
        assertThat(releases.onRelease(sign(Release.newBuilder().setNumber(8).build()))).isTrue();
        assertThat(has(releases.inForce().pack(), "dig")).isFalse();
        assertThat(releases.inForce().config().rollup().interval())
                .isEqualTo(Duration.ofMinutes(5));
        assertThat(releases.onRelease(sign(withDig(9)))).isTrue();
        assertThat(releases.onRelease(sign(withDig(10)))).isTrue();
        assertThat(kept()).containsExactly("10.release", "9.release");
        assertThat(open("").inForce().release()).isEqualTo(10);
    }

    @Test
    void whatTheOperatorSetWins() throws Exception {
        Path mine = Files.createDirectories(folder.resolve("mine"));
        Files.writeString(mine.resolve("dig.yaml"), dig.replace("{ en: Dig,", "{ en: Mine,"));
        Releases releases =
                open(
                        """
                        rollup: {interval: 2m}
                        privacy: {excerpts: none}
                        signatures: {directories: mine}
                        """);
        Release release =
                withDig(7).toBuilder()
                        .setSettings(
                                """
                                rollup: {interval: 1s}
                                privacy: {excerpts: matched}
                                flow: {idle-timeout: 9s}
                                """)
                        .build();
        assertThat(releases.onRelease(sign(release))).isTrue();
        SensorConfig config = releases.inForce().config();
        assertThat(config.rollup().interval()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.privacy().excerpts()).isEqualTo(SensorConfig.Excerpts.NONE);
        assertThat(config.flow().idleTimeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(
                        releases.inForce().pack().dialects().stream()
                                .filter(dialect -> dialect.id().equals("dig"))
                                .map(dialect -> dialect.title().get("en")))
                .containsExactly("Mine");
    }

    @Test
    void olderAndTheSameAreRefusedAlsoAfterARestart() throws Exception {
        assertThat(open("").onRelease(sign(withDig(7)))).isTrue();
        Releases releases = open("");
        refused(releases, sign(withDig(6)), "older", "release 6 is not newer than 7");
        refused(
                releases,
                sign(withDig(7).toBuilder().clearSettings().build()),
                "older",
                "release 7 is not newer than 7, which is in force; to go back, sign");
        assertThat(releases.inForce().release()).isEqualTo(7);
    }

    @Test
    void releaseOfAnotherKeyIsRefused() throws Exception {
        byte[] foreign = ReleaseFile.sign(withDig(7), ReleaseKeys.generate().getPrivate());
        refused(open(""), foreign, "signature", "of unknown number is not signed by a key in rel");
        assertThat(open("").onRelease(sign(withDig(7)))).isTrue();
        Files.writeString(
                folder.resolve("release.pem"), ReleaseKeys.pem(ReleaseKeys.generate().getPublic()));
        assertThat(open("").inForce().release()).as("kept, of a key that is gone").isZero();
    }

    /// All of the header, and some of the body; ReleaseFileTest flips every bit.
    @Test
    void changedAndCutBytesAreRefused() throws Exception {
        Releases releases = open("");
        byte[] sound = sign(withDig(7));
        for (int at = 0; at < sound.length; at += at < 80 ? 1 : 97) {
            byte[] changed = sound.clone();
            changed[at] ^= 0x10;
            assertThat(releases.onRelease(changed)).as("byte %d", at).isFalse();
        }
        for (int length = 0; length < sound.length; length += 97) {
            assertThat(releases.onRelease(Arrays.copyOf(sound, length))).isFalse();
        }
        assertThat(changes).isEmpty();
        assertThat(releases.onRelease(sound)).isTrue();
    }

    @Test
    void releaseForOtherSensorsIsRefused() throws Exception {
        Release other = withDig(7).toBuilder().addSensors("s-2").build();
        refused(
                open(""),
                sign(other),
                "other-sensor",
                "release 7 is for other sensors; sign one that names s-1");
        assertThat(open("").onRelease(sign(other.toBuilder().addSensors("s-1").build()))).isTrue();
    }

    @Test
    void settingThatMayNotComeRefusesTheWholeRelease() throws Exception {
        for (String setting :
                List.of(
                        "uplink: {collector: 'evil:7443'}",
                        "releases: {keys: [/tmp/k]}",
                        "privacy: {identifiers: clear}",
                        "flow: {idle-timeout: 1m}\nsensor: {id: s-2}")) {
            Release release = withDig(7).toBuilder().setSettings(setting).build();
            refused(
                    open(""),
                    sign(release),
                    "settings",
                    "may not be set here (expected: flow.idle-timeout, p");
        }
        Release wrong = withDig(7).toBuilder().setSettings("rollup: {interval: 2d}").build();
        refused(
                open("rollup: {interval: 2m}"), // its own setting is no excuse
                sign(wrong),
                "settings",
                "settings of release 7:1: rollup.interval: 2d (expected: 1s to 1d); sign it");
        refused(open(""), sign(wrong.toBuilder().setSettings("{").build()), "settings", "not YAML");
    }

    @Test
    void signatureThatDoesNotLintRefusesTheWholeRelease() throws Exception {
        Release broken = withDig(7).toBuilder().addSignatures(file("x.yaml", "id: 3")).build();
        refused(open(""), sign(broken), "signatures", "release 7/x.yaml:");
        String failing = dig.replaceFirst("method: '=dig.submit'", "method: '=dig.other'");
        Release example =
                Release.newBuilder().setNumber(7).addSignatures(file("d.yaml", failing)).build();
        refused(open(""), sign(example), "signatures", "release 7/d.yaml:");
        Release list =
                Release.newBuilder().setNumber(7).addEndpoints(file("e.csv", "nothing")).build();
        refused(open(""), sign(list), "signatures", "release 7/e.csv:1:");
    }

    @Test
    void whatWasRefusedIsNotAskedForAgain() throws Exception {
        Releases releases = open("");
        byte[] foreign = ReleaseFile.sign(withDig(7), ReleaseKeys.generate().getPrivate());
        assertThat(releases.wants(offer(7, foreign))).isTrue();
        assertThat(releases.onRelease(foreign)).isFalse();
        assertThat(releases.wants(offer(7, foreign))).isFalse();
        assertThat(releases.wants(offer(8, foreign))).as("whatever it is called").isFalse();
        byte[] sound = sign(withDig(7));
        assertThat(releases.wants(offer(7, sound))).isTrue();
        assertThat(releases.onRelease(sound)).isTrue();
        assertThat(releases.wants(offer(7, sound))).isFalse();
        assertThat(refusals("older")).as("the one in force is no complaint").isZero();
    }

    @Test
    void offerThatCannotBeGoodIsSaidOnceAndNotFetched() throws Exception {
        Releases releases = open("");
        ReleaseOffer large = offer(7, new byte[1]).toBuilder().setSize(5 << 20).build();
        assertThat(releases.wants(large)).isFalse();
        assertThat(releases.wants(large)).isFalse();
        assertThat(refusals("malformed")).isEqualTo(1);
        assertThat(releases.onRelease(sign(withDig(7)))).isTrue();
        ReleaseOffer older = offer(3, sign(withDig(3)));
        assertThat(releases.wants(older)).isFalse();
        assertThat(releases.wants(older)).isFalse();
        assertThat(refusals("older")).isEqualTo(1);
    }

    @Test
    void damagedReleaseGivesWayToTheOneBeforeAndIsFetchedAnew() throws Exception {
        Releases releases = open("");
        assertThat(releases.onRelease(sign(withDig(7)))).isTrue();
        assertThat(releases.onRelease(sign(withDig(8)))).isTrue();
        damage("8.release");
        Releases again = open("");
        assertThat(again.inForce().release()).isEqualTo(7);
        assertThat(logged()).contains("8.release is not signed by a key in releases.keys, or was");
        assertThat(again.wants(offer(8, sign(withDig(8))))).isTrue();
        assertThat(again.onRelease(sign(withDig(8)))).isTrue();

        damage("7.release");
        damage("8.release");
        Equipment own = open("").inForce();
        assertThat(own.release()).isZero();
        assertThat(has(own.pack(), "dig")).isFalse();
        Files.write(folder.resolve("kept/8.release"), new byte[0]);
        assertThat(open("").inForce().release()).isZero();
    }

    @Test
    void releaseTheSensorDiesWithGivesWayToTheOneBefore() throws Exception {
        takeAndLive(7);
        Releases dying = open("");
        dying.onStart();
        assertThat(dying.onRelease(sign(withDig(8)))).isTrue();
        for (int death = 1; death < Trial.ATTEMPTS; death++) {
            Releases again = open("");
            assertThat(again.inForce().release()).isEqualTo(8);
            again.onStart();
        }
        Releases releases = open("");
        releases.onStart();
        assertThat(releases.inForce().release()).isEqualTo(7);
        assertThat(refusals("crashed")).isEqualTo(1);
        assertThat(logged())
                .contains("8.release is set aside: the sensor died 3 times within 10 minutes");
        assertThat(releases.wants(offer(8, sign(withDig(8))))).isFalse();
        assertThat(open("").inForce().release()).as("for good").isEqualTo(7);

        assertThat(releases.wants(offer(9, sign(withDig(9))))).isTrue();
        assertThat(releases.onRelease(sign(withDig(9)))).isTrue();
        assertThat(kept()).containsExactly("7.release", "9.release");
        assertThat(open("").inForce().release()).isEqualTo(9);
    }

    @Test
    void beingStoppedIsNoDeath() throws Exception {
        assertThat(open("").onRelease(sign(withDig(7)))).isTrue();
        for (int i = 0; i < 2 * Trial.ATTEMPTS; i++) {
            Releases releases = open("");
            releases.onStart();
            releases.onStop();
        }
        assertThat(open("").inForce().release()).isEqualTo(7);
    }

    @Test
    void releaseTheSensorHasLivedWithIsNotBlamed() throws Exception {
        takeAndLive(7);
        for (int death = 0; death < 2 * Trial.ATTEMPTS; death++) {
            open("").onStart();
        }
        assertThat(open("").inForce().release()).isEqualTo(7);
    }

    @Test
    void nonsenseInTheTrialsFileIsNoTrial() throws Exception {
        takeAndLive(7);
        for (String text :
                List.of("", "7 9", "7 3 3\n", "-7 3\n", "\u00ff", "9".repeat(19) + " 3\n")) {
            Files.writeString(folder.resolve("kept/trial"), text);
            assertThat(open("").inForce().release()).as(text).isEqualTo(7);
        }
        Files.writeString(folder.resolve("kept/trial"), "7 3\n");
        assertThat(open("").inForce().release()).isZero();
    }

    private void takeAndLive(long number) throws Exception {
        Releases releases = open("");
        assertThat(releases.onRelease(sign(withDig(number)))).isTrue();
        releases.onLife(number);
    }

    /// As after a power cut while a release was written.
    @Test
    void halfWrittenReleaseIsNoRelease() throws Exception {
        assertThat(open("").onRelease(sign(withDig(7)))).isTrue();
        Files.write(folder.resolve("kept/next"), new byte[100]);
        Releases releases = open("");
        assertThat(releases.inForce().release()).isEqualTo(7);
        assertThat(releases.onRelease(sign(withDig(8)))).isTrue();
        assertThat(kept()).containsExactly("7.release", "8.release");
    }

    @Test
    void releaseThatCannotBeKeptChangesNothingAndIsTriedAgain() throws Exception {
        Files.writeString(folder.resolve("kept"), "a file where the folder should be");
        Releases releases = open("");
        assertThat(releases.inForce().release()).isZero();
        byte[] sound = sign(withDig(7));
        assertThat(releases.onRelease(sound)).isFalse();
        assertThat(refusals("not-kept")).isEqualTo(1);
        assertThat(changes).isEmpty();
        Files.delete(folder.resolve("kept"));
        assertThat(releases.wants(offer(7, sound))).isTrue();
        assertThat(releases.onRelease(sound)).isTrue();
    }

    @Test
    void withoutAKeyNothingIsTakenAndAWrongOneIsSaid() throws Exception {
        assertThat(open("").onRelease(sign(withDig(7)))).isTrue();
        Path settings = folder.resolve("bare.yaml");
        Files.writeString(settings, LEAST + "releases: {directory: kept}");
        Releases bare = Releases.open(settings, registry);
        assertThat(bare.areTaken()).isFalse();
        assertThat(bare.inForce().release()).isZero();
        Files.writeString(settings, LEAST + "releases: {keys: none.pem}");
        assertThatThrownBy(() -> Releases.open(settings, registry))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("releases.keys: " + folder.resolve("none.pem"));
    }

    private Releases open(String more) throws Exception {
        Path settings =
                Files.writeString(
                        folder.resolve("sensor.yaml"),
                        LEAST + "releases: {keys: release.pem, directory: kept}\n" + more);
        Releases releases = Releases.open(settings, registry);
        releases.onChange(changes::add);
        return releases;
    }

    private void refused(Releases releases, byte[] file, String reason, String why)
            throws Exception {
        double before = refusals(reason);
        List<Equipment> told = List.copyOf(changes);
        Equipment inForce = releases.inForce();
        assertThat(releases.onRelease(file)).isFalse();
        assertThat(refusals(reason)).isEqualTo(before + 1);
        assertThat(releases.inForce()).isSameAs(inForce);
        assertThat(changes).isEqualTo(told);
        assertThat(logged()).contains(why).contains("the sensor goes on with what it has");
    }

    private double refusals(String reason) {
        return registry.counter("minewatch.sensor.release.refused", "reason", reason).count();
    }

    private String logged() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList().toString();
    }

    private List<String> kept() throws Exception {
        try (var files = Files.list(folder.resolve("kept"))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(ReleaseFile.SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    private void damage(String name) throws Exception {
        Path file = folder.resolve("kept").resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private Release withDig(long number) {
        return Release.newBuilder()
                .setNumber(number)
                .addSignatures(file("dig.yaml", dig))
                .setSettings("rollup: {interval: 1s}")
                .build();
    }

    private static byte[] sign(Release release) throws Exception {
        return ReleaseFile.sign(release, KEYS.getPrivate());
    }

    private static ReleaseOffer offer(long number, byte[] file) {
        return ReleaseOffer.newBuilder()
                .setNumber(number)
                .setDigest(ReleaseFile.digest(file))
                .setSize(file.length)
                .build();
    }

    private static ReleasedFile file(String name, String text) {
        return ReleasedFile.newBuilder().setName(name).setText(text).build();
    }

    private static boolean has(SignaturePack pack, String dialect) {
        return pack.dialects().stream().anyMatch(one -> one.id().equals(dialect));
    }
}
