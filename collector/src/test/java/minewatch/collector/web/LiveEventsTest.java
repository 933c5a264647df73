package minewatch.collector.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.common.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LiveEventsTest {
    private final LiveEvents events = new LiveEvents();

    @Test
    void streamsAreBoundedAndGivenBack() {
        List<HttpResponse> open = new ArrayList<>();
        for (int i = 0; i < LiveEvents.STREAMS; i++) {
            open.add(events.stream(events.mark()));
        }
        assertThat(open).doesNotContainNull();
        assertThat(events.stream(events.mark())).isNull();
        open.forEach(HttpResponse::abort);
        await().untilAsserted(() -> assertThat(events.openStreams()).isZero());
        HttpResponse again = events.stream(events.mark());
        assertThat(again).isNotNull();
        events.close();
    }

    @Test
    void closingEndsEveryStream() {
        HttpResponse stream = Objects.requireNonNull(events.stream(events.mark()));
        var body = stream.aggregate();
        events.close();
        assertThat(body.join().contentUtf8()).startsWith(":open");
        await().untilAsserted(() -> assertThat(events.openStreams()).isZero());
    }

    @Test
    void marksChangeWithCommitsAndDifferBetweenRuns() {
        String before = events.mark();
        events.onCommit(1);
        assertThat(events.mark()).isNotEqualTo(before);
        String first = events.mark();
        await().untilAsserted(() -> {
            var other = new LiveEvents();
            other.onCommit(1);
            assertThat(other.mark()).isNotEqualTo(first);
        });
    }

    @Test
    void aLateReportOfAnEarlierCommitChangesNothing() {
        events.onCommit(7);
        String mark = events.mark();
        events.onCommit(6);
        assertThat(events.mark()).isEqualTo(mark);
    }
}
