package minewatch.sensor.spool;

import static minewatch.sensor.spool.SpoolFixture.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import minewatch.feed.SourcePrefix;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.Hit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An output that follows the spool beside the collector.
class FollowedSpoolTest {
    private static final String OUTPUT = "syslog";
    private static final int HIT = 8 << 10; // bytes: seven or eight batches a segment

    @TempDir Path folder;

    @Test
    void segmentsStayUntilTheOutputIsDoneWithThem() throws Exception {
        try (Spool spool = open(8 << 20)) {
            SpoolFixture.append(spool, 1, 40, HIT);
            int files = SpoolFixture.segments(folder).size();
            spool.ack(40);
            assertThat(SpoolFixture.segments(folder)).hasSize(files);
            assertThat(follow(spool)).isEqualTo(numbers(1, 40));
            assertThat(SpoolFixture.read(spool, 0)).isEmpty();

            spool.followed(OUTPUT, 40);
            assertThat(SpoolFixture.segments(folder)).hasSize(1);
            assertThat(follow(spool)).isEmpty();
        }
    }

    @Test
    void segmentsStayUntilTheCollectorHasThem() throws Exception {
        try (Spool spool = open(8 << 20)) {
            SpoolFixture.append(spool, 1, 40, HIT);
            spool.followed(OUTPUT, 40);
            assertThat(SpoolFixture.hitNumbers(SpoolFixture.read(spool, 0)))
                    .isEqualTo(numbers(1, 40));
        }
    }

    @Test
    void outputGoesOnWhereItWasAfterARestart() throws Exception {
        try (Spool spool = open(8 << 20)) {
            SpoolFixture.append(spool, 1, 20, HIT);
            spool.followed(OUTPUT, 13);
        }
        try (Spool spool = open(8 << 20)) {
            spool.ack(20);
            assertThat(follow(spool)).isEqualTo(numbers(14, 20));
        }
    }

    @Test
    void newOutputBeginsAtWhatTheCollectorDoesNotHold() throws Exception {
        try (Spool spool = SpoolFixture.open(folder, 8 << 20, 64 << 10)) {
            SpoolFixture.append(spool, 1, 20, HIT);
            spool.ack(5);
        }
        try (Spool spool = open(8 << 20)) {
            assertThat(follow(spool)).isEqualTo(numbers(6, 20));
        }
    }

    @Test
    void outputNoLongerNamedKeepsNothing() throws Exception {
        try (Spool spool = open(8 << 20)) {
            SpoolFixture.append(spool, 1, 40, HIT);
            spool.ack(40);
        }
        try (Spool spool = SpoolFixture.open(folder, 8 << 20, 64 << 10)) {
            assertThat(SpoolFixture.segments(folder)).hasSize(1);
            assertThatThrownBy(() -> spool.follower(OUTPUT))
                    .hasMessageContaining(OUTPUT + ": not named");
        }
    }

    @Test
    void slowOutputMissesWhatWasGivenUpForRoomAndTheCollectorHearsOfNoGap() throws Exception {
        try (Spool spool = open(1 << 20)) {
            for (long n = 1; n <= 300; n++) {
                SpoolFixture.append(spool, n, n, HIT);
                spool.ack(n);
            }
            List<Long> read = follow(spool);
            assertThat(read).hasSizeBetween(80, 130).endsWith(300L);
            assertThat(read).isEqualTo(numbers(read.getFirst(), 300));

            SpoolFixture.append(spool, 301, 301, HIT);
            List<Batch> sent = SpoolFixture.read(spool, 0);
            assertThat(SpoolFixture.hitNumbers(sent)).containsExactly(301L);
            assertThat(SpoolFixture.gaps(sent)).isEmpty();
        }
    }

    @Test
    void batchesCutBySourcePrefixHaveOneEach() throws Exception {
        try (Spool spool = open(8 << 20)) {
            spool.cutBySourcePrefix();
            List<Hit> hits = new ArrayList<>();
            for (int n = 1; n <= 30; n++) {
                byte[] source = {10, (byte) (n % 3), (byte) n, 1};
                hits.add(
                        SpoolFixture.hit(n, 10).toBuilder()
                                .setSourceIp(ByteString.copyFrom(source))
                                .build());
            }
            spool.append(hits);
            List<Batch> batches = SpoolFixture.read(spool, 0);
            assertThat(batches).hasSize(3);
            assertThat(batches)
                    .allMatch(batch ->
                            batch.getHitsList().stream()
                                            .map(hit -> SourcePrefix.of(hit.getSourceIp()))
                                            .distinct()
                                            .count()
                                    == 1);
            assertThat(SpoolFixture.hitNumbers(batches))
                    .containsExactlyInAnyOrderElementsOf(numbers(1, 30));
        }
    }

    private Spool open(long maxBytes) throws SpoolException {
        return SpoolFixture.open(folder, maxBytes, OUTPUT);
    }

    private static List<Long> follow(Spool spool) throws IOException {
        List<Batch> batches = new ArrayList<>();
        try (SpoolReader reader = spool.follower(OUTPUT)) {
            for (var batch = reader.next(); batch.isPresent(); batch = reader.next()) {
                batches.add(batch.get());
            }
        }
        return SpoolFixture.hitNumbers(batches);
    }
}
