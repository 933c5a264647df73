package minewatch.sensor.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WindowTest {
    private final Window window = new Window();
    private long next = 1;

    @Test
    void busyCollectorGetsHalfAndThenHalfOfThat() {
        fill();
        assertThat(window.size()).isEqualTo(Window.MAX_BATCHES);
        window.acked(1);
        window.narrow();
        window.narrow(); // about the same batches
        assertThat(window.limit()).isEqualTo(Window.MAX_BATCHES / 2);
        assertThat(window.hasRoom()).isFalse();
        window.acked(Window.MAX_BATCHES);
        window.narrow();
        assertThat(window.limit()).isEqualTo(Window.MAX_BATCHES / 4);
        fill();
        assertThat(window.size()).isEqualTo(Window.MAX_BATCHES / 4);
    }

    @Test
    void oneBatchMayAlwaysBeUnderWay() {
        for (int i = 0; i < 100; i++) {
            fill();
            window.acked(next - 1);
            window.narrow();
        }
        assertThat(window.limit()).isEqualTo(1);
        assertThat(window.hasRoom()).isTrue();
    }

    @Test
    void collectorThatKeepsUpGetsMoreUpToTheLimit() {
        window.narrow();
        for (int i = 0; i < 100; i++) {
            window.widen();
        }
        assertThat(window.limit()).isEqualTo(Window.MAX_BATCHES);
    }

    private void fill() {
        while (window.hasRoom()) {
            window.sent(next++, 100);
        }
    }
}
