package minewatch.sensor.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import minewatch.feed.v1.Flow;
import minewatch.feed.v1.Hit;
import minewatch.sensor.spool.SpoolFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EveFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long ROTATE = 64 << 10;

    @TempDir Path folder;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void everyHitIsALineThatSuricatasReadersRead() throws Exception {
        try (EveFile file = file(5)) {
            file.write(List.of(hit(1), hit(2)));
            file.write(List.of(hit(3)));
            assertThat(numbers("eve.json")).containsExactly("w1", "w2", "w3");
        }
        var event = JSON.readTree(Files.readAllLines(folder.resolve("eve.json")).getFirst());
        assertThat(event.path("event_type").asText()).isEqualTo("alert");
        assertThat(event.path("community_id").asText()).isEqualTo("1:abc");
        assertThat(count("written")).isEqualTo(3);
    }

    @Test
    void fileGoesOnAfterARestartWithoutTheHalfLineOfACrash() throws Exception {
        try (EveFile file = file(5)) {
            file.write(List.of(hit(1)));
        }
        byte[] line = Files.readAllBytes(folder.resolve("eve.json"));
        for (int cut = 0; cut < line.length; cut++) {
            byte[] left = java.util.Arrays.copyOf(line, line.length + cut);
            System.arraycopy(line, 0, left, line.length, cut);
            Files.write(folder.resolve("eve.json"), left);
            try (EveFile file = file(5)) {
                file.write(List.of(hit(2)));
            }
            assertThat(numbers("eve.json")).as("cut at %d", cut).containsExactly("w1", "w2");
        }
    }

    @Test
    void fullFileIsSetAsideAndTheOldestGoes() throws Exception {
        try (EveFile file = file(2)) {
            for (long n = 1; n <= 400; n++) {
                file.write(List.of(hit(n)));
            }
        }
        assertThat(names()).containsExactly("eve.json", "eve.json.1", "eve.json.2");
        assertThat(Files.size(folder.resolve("eve.json.1"))).isBetween(ROTATE, ROTATE + 2048);
        List<String> all = new ArrayList<>(numbers("eve.json.2"));
        all.addAll(numbers("eve.json.1"));
        all.addAll(numbers("eve.json"));
        long first = 401L - all.size();
        assertThat(first).isGreaterThan(1);
        assertThat(all)
                .isEqualTo(LongStream.rangeClosed(first, 400).mapToObj(n -> "w" + n).toList());
    }

    @Test
    void fileMovedAwayByAnotherProgramIsBegunAnew() throws Exception {
        try (EveFile file = file(5)) {
            file.write(List.of(hit(1)));
            Files.move(folder.resolve("eve.json"), folder.resolve("moved"));
            file.write(List.of(hit(2)));
            Files.delete(folder.resolve("eve.json"));
            file.write(List.of(hit(3)));
        }
        assertThat(numbers("moved")).containsExactly("w1");
        assertThat(numbers("eve.json")).containsExactly("w3");
    }

    @Test
    void whatCannotBeWrittenIsCountedAndTheNextTryIsMade() throws Exception {
        Path missing = folder.resolve("absent");
        var config = new EveConfig(missing.resolve("eve.json"), ROTATE, 5);
        try (EveFile file = Objects.requireNonNull(EveFile.of(config, registry))) {
            file.write(List.of(hit(1), hit(2)));
            assertThat(count("lost")).isEqualTo(2);
            Files.createDirectory(missing);
            file.write(List.of(hit(3)));
            assertThat(count("written")).isEqualTo(1);
        }
    }

    @Test
    void withoutASettingThereIsNoFile() {
        assertThat(EveFile.of(new EveConfig(null, ROTATE, 5), registry)).isNull();
    }

    private EveFile file(int keep) {
        return Objects.requireNonNull(
                EveFile.of(new EveConfig(folder.resolve("eve.json"), ROTATE, keep), registry));
    }

    private double count(String result) {
        return registry.counter("minewatch.sensor.output.eve.events", "result", result).count();
    }

    private List<String> numbers(String name) throws IOException {
        List<String> numbers = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(name))) {
            numbers.add(JSON.readTree(line).at("/minewatch/workers/0").asText());
        }
        return numbers;
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        }
    }

    private static Hit hit(long number) {
        return SpoolFixture.hit(number, 20).toBuilder()
                .addFlows(
                        Flow.newBuilder()
                                .setCommunityId("1:abc")
                                .setDestinationIp(ByteString.copyFrom(new byte[] {10, 0, 0, 2}))
                                .setDestinationPort(3333))
                .build();
    }
}
