package minewatch.sensor.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Verdict;
import minewatch.sensor.CommandRun;
import minewatch.sensor.spool.Spool;
import minewatch.sensor.spool.SpoolFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;

    @Test
    void listsWhatIsAcknowledgedWhatWaitsAndWhatIsLost() throws Exception {
        try (Spool spool = SpoolFixture.open(folder, 1 << 20, 64 << 10)) {
            SpoolFixture.append(spool, 1, 420, 3000);
            long first = SpoolFixture.read(spool, 0).getFirst().getSeq();
            CommandRun run = run("ls");
            assertThat(run.exitCode()).isZero();
            assertThat(run.out())
                    .contains("sensor        s-1\n")
                    .contains("boot id       " + spool.bootId() + "\n")
                    .contains("in use        yes\n")
                    .contains("acknowledged  none\n")
                    .contains("given out     up to 420\n")
                    .contains(
                            "lost: batches 1-%d: spool-full, %d hits\n"
                                    .formatted(first - 1, first - 1));
            spool.ack(400);
            JsonNode json = json(run("ls", "--format", "json"));
            assertThat(json.path("acked_seq").asLong()).isEqualTo(400);
            assertThat(json.path("last_seq").asLong()).isEqualTo(420);
            assertThat(json.path("in_use").asBoolean()).isTrue();
            assertThat(json.path("gaps")).isEmpty();
            long there = json.path("segments").path(0).path("first_seq").asLong();
            long batches = 0;
            for (JsonNode segment : json.path("segments")) {
                batches += segment.path("batches").asLong();
            }
            assertThat(batches).isEqualTo(420 - there + 1);
        }
    }

    @Test
    void soundSpoolIsVerifiedAndNothingIsChangedByIt() throws Exception {
        try (Spool spool = SpoolFixture.open(folder)) {
            SpoolFixture.append(spool, 1, 300, 400);
        }
        Map<Path, String> before = contents();
        CommandRun run = run("verify");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEqualTo(folder + ": sound\n");
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void damageIsNamedByFileByteAndNumber() throws Exception {
        try (Spool spool = SpoolFixture.open(folder)) {
            SpoolFixture.append(spool, 1, 300, 400);
        }
        Path segment = segments().getFirst();
        byte[] bytes = Files.readAllBytes(segment);
        bytes[1000] ^= 4;
        Files.write(segment, bytes);
        CommandRun run = run("verify");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).containsPattern("damaged: " + segment + ": bytes [0-9]+-[0-9]+\n");
        assertThat(run.out()).containsPattern("missing: batches [23]\n");
        assertThat(run.err()).contains(": damaged; ").contains("check the disk");
        JsonNode json = json(run("verify", "--format", "json"));
        assertThat(json.path("sound").asBoolean()).isFalse();
        assertThat(json.path("missing").path(0).path("first_seq").asInt()).isBetween(2, 3);
    }

    @Test
    void tornTailIsUnfinishedWhileASensorWorksAndDamageAfterwards() throws Exception {
        try (Spool spool = SpoolFixture.open(folder)) {
            SpoolFixture.append(spool, 1, 3, 20);
            Path segment = segments().getFirst();
            Files.write(segment, new byte[7], java.nio.file.StandardOpenOption.APPEND);
            assertThat(run("verify").exitCode()).isZero();
        }
        CommandRun run = run("verify");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("unfinished: ");
    }

    @Test
    void damagedStateIsSaidAndTheSegmentsAreReadAllTheSame() throws Exception {
        try (Spool spool = SpoolFixture.open(folder)) {
            SpoolFixture.append(spool, 1, 3, 20);
        }
        Files.writeString(folder.resolve("state"), "?");
        CommandRun run = run("verify");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains("damaged: state is absent or fails its checksum\n")
                .contains("sensor        not known\n");
        assertThat(run("export").out().lines()).hasSize(3);
    }

    @Test
    void exportPrintsTheHitsThatWait() throws Exception {
        try (Spool spool = SpoolFixture.open(folder)) {
            SpoolFixture.append(spool, 1, 5, 20);
            spool.ack(3);
            assertThat(workers(run("export"))).containsExactly("w4", "w5");
            assertThat(workers(run("export", "--all"))).hasSize(5);
        }
    }

    @Test
    void exportAsEveIsOneEventAFlow() throws Exception {
        Hit hit =
                SpoolFixture.hit(1, 5).toBuilder()
                        .setVerdict(Verdict.MINER)
                        .addFlows(
                                minewatch.feed.v1.Flow.newBuilder()
                                        .setDestinationIp(
                                                com.google.protobuf.ByteString.copyFrom(
                                                        new byte[] {10, 0, 0, 2}))
                                        .setDestinationPort(3333))
                        .build();
        try (Spool spool = SpoolFixture.open(folder)) {
            spool.append(List.of(hit));
        }
        JsonNode event = json(run("export", "--format", "eve"));
        assertThat(event.path("event_type").asText()).isEqualTo("alert");
        assertThat(event.path("minewatch").path("workers").path(0).asText()).isEqualTo("w1");
    }

    @Test
    void settingsSayWhereTheSpoolIs() throws Exception {
        try (Spool spool = SpoolFixture.open(folder.resolve("spool"))) {
            SpoolFixture.append(spool, 1, 2, 20);
        }
        Path config =
                Files.writeString(
                        folder.resolve("sensor.yaml"),
                        """
                        sensor: {id: s-1}
                        capture: {interface: lo}
                        spool: {directory: %s}
                        uplink: {collector: "127.0.0.1:1"}
                        """
                                .formatted(folder.resolve("spool")));
        CommandRun run = CommandRun.of("sensor", "spool", "ls", "--config", config.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("given out     up to 2\n");
    }

    @Test
    void whatIsNoSpoolIsAClearErrorAndLeftAsItWas() throws Exception {
        CommandRun run = run("ls");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo(
                        "cannot read spool "
                                + folder
                                + ": neither a state nor a segment file is there; name the"
                                + " directory of the sensor's setting spool.directory\n");
        assertThat(folder).isEmptyDirectory();
        CommandRun absent =
                CommandRun.of("sensor", "spool", "ls", "--directory", folder + "/absent");
        assertThat(absent.exitCode()).isEqualTo(2);
        assertThat(absent.err()).isEqualTo(folder + "/absent: no such file or folder\n");
        assertThat(CommandRun.of("sensor", "spool", "ls").exitCode()).isEqualTo(2);
    }

    private CommandRun run(String command, String... options) {
        return CommandRun.of(
                Stream.concat(
                                Stream.of("sensor", "spool", command, "--directory", folder + ""),
                                Stream.of(options))
                        .toArray(String[]::new));
    }

    private static JsonNode json(CommandRun run) throws IOException {
        return JSON.readTree(run.out());
    }

    private static List<String> workers(CommandRun run) throws IOException {
        var workers = new java.util.ArrayList<String>();
        for (String line : run.out().lines().toList()) {
            workers.add(JSON.readTree(line).path("workers").path(0).asText());
        }
        return workers;
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".segment")).sorted().toList();
        }
    }

    private Map<Path, String> contents() throws IOException {
        var contents = new TreeMap<Path, String>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(
                        file, Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }
}
