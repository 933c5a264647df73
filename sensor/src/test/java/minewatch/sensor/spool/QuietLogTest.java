package minewatch.sensor.spool;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class QuietLogTest {
    private final Logger logger = new LoggerContext().getLogger("quiet");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final QuietLog quiet = new QuietLog(logger, nanos::get);

    @Test
    void oneLineInTenSecondsWithTheNumberHeldBack() {
        lines.start();
        logger.addAppender(lines);
        for (int i = 0; i < 43; i++) {
            quiet.log(Level.WARN, "no");
        }
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        quiet.log(Level.WARN, "no");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
        quiet.log(Level.WARN, "no");
        assertThat(lines.list.stream().map(ILoggingEvent::getFormattedMessage))
                .containsExactly("no", "no (42 more failures in 10 s)", "no");
    }
}
