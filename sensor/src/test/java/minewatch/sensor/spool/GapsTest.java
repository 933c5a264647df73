package minewatch.sensor.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import minewatch.feed.v1.Gap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GapsTest {
    private final Gaps gaps = new Gaps(List.of());

    @Test
    void neighboursOfOneReasonAreOneGap() {
        gaps.add("a", 5, 9, 10);
        gaps.add("a", 10, 12, 3);
        gaps.add("a", 1, 4, 2);
        gaps.add("b", 13, 13, 1);
        gaps.add("a", 14, 15, 0); // unknown: not added to what is known
        assertThat(texts()).containsExactly("a 1-12 15", "b 13-13 1", "a 14-15 0");
    }

    @Test
    void whatIsKnownToBeLostIsNotLostTwice() {
        assertThat(gaps.add("torn", 5, 6, 0)).isEqualTo(2);
        assertThat(gaps.add("full", 3, 8, 40)).isEqualTo(4);
        assertThat(gaps.add("full", 3, 8, 40)).isZero();
        assertThat(texts()).containsExactly("full 3-4 40", "torn 5-6 0", "full 7-8 0");
    }

    @Test
    void acknowledgedGapsAreForgotten() {
        gaps.add("a", 1, 3, 1);
        gaps.add("b", 5, 9, 7);
        gaps.acknowledged(4);
        assertThat(texts()).containsExactly("b 5-9 7");
        gaps.acknowledged(6); // 5 and 6 arrived after all; how many hits that leaves is unknown
        assertThat(texts()).containsExactly("b 7-9 0");
    }

    @Test
    void lossBetweenTwoBatchesIsThatPartOfTheGap() {
        gaps.add("b", 5, 9, 7);
        assertThat(gaps.between(4, 10)).extracting(SpoolFixture::text).containsExactly("b 5-9 7");
        assertThat(gaps.between(7, 10)).extracting(SpoolFixture::text).containsExactly("b 8-9 0");
        assertThat(gaps.between(4, 8)).extracting(SpoolFixture::text).containsExactly("b 5-7 0");
        assertThat(gaps.between(9, 12)).isEmpty();
        assertThat(gaps.between(2, 5)).isEmpty();
    }

    @Property
    void gapsAreTheUnionOfWhatWasLostAndNeverOverlap(
            @ForAll @Size(max = 12) List<@IntRange(min = 1, max = 60) Integer> starts) {
        Gaps any = new Gaps(List.of());
        var lost = new TreeSet<Long>();
        for (int start : starts) {
            long last = (long) start + start % 7;
            int before = lost.size();
            lost.addAll(SpoolFixture.numbers(start, last));
            assertThat(any.add("r" + start % 2, start, last, 1)).isEqualTo(lost.size() - before);
        }
        List<Long> listed =
                any.all().stream()
                        .flatMap(
                                g -> SpoolFixture.numbers(g.getFirstSeq(), g.getLastSeq()).stream())
                        .toList();
        assertThat(listed).containsExactlyElementsOf(lost);
    }

    @Test
    void statePrintsAndParsesToTheSame() {
        gaps.add("spool-full", 124, 180, 951);
        var followed = new TreeMap<>(Map.of("syslog", 100L, "kafka", 7L));
        var state = new SpoolState("s-1", UUID.randomUUID(), 123, followed, gaps.all());
        assertThat(SpoolState.parse(state.print())).contains(state);
        assertThat(SpoolState.parse(state.print().replace("123", "124"))).isEmpty();
    }

    private List<String> texts() {
        return gaps.all().stream().map((Gap g) -> SpoolFixture.text(g)).toList();
    }
}
