package minewatch.demo.faults;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import minewatch.feed.v1.Heartbeat;
import minewatch.sensor.SensorConfig;
import minewatch.sensor.output.Follower;
import minewatch.sensor.output.Followers;
import minewatch.sensor.spool.Spool;
import minewatch.sensor.uplink.Uplink;

/// A process of its own: numbered hits → real spool → real uplink, until it is killed or all is
/// delivered. It says which numbers it is about to issue, and which the spool took or refused.
final class FeedingSensor {
    private FeedingSensor() {}

    /// @param arguments settings, first number, batches, hits in each, pause after each in ms
    public static void main(String[] arguments) throws Exception {
        SensorConfig config = SensorConfig.load(Path.of(arguments[0]));
        long next = Long.parseLong(arguments[1]);
        long batches = Long.parseLong(arguments[2]);
        int hits = Integer.parseInt(arguments[3]);
        long pause = Long.parseLong(arguments[4]);
        String id = config.sensor().id();
        var meters = new SimpleMeterRegistry();
        SensorConfig.Outputs outputs = config.outputs();
        Set<String> names = Followers.names(outputs.syslog(), outputs.kafka());
        try (Spool spool = Spool.open(config.spool(), id, names, meters);
                Uplink uplink =
                        new Uplink(
                                config.uplink(),
                                spool,
                                new Uplink.Program("test", ""),
                                Heartbeat::getDefaultInstance,
                                meters)) {
            boolean throughKafka = outputs.primary() == SensorConfig.Primary.KAFKA;
            if (throughKafka) {
                uplink.heartbeatsOnly();
            }
            Followers.of(outputs.syslog(), outputs.kafka(), throughKafka, spool, "test", meters)
                    .forEach(Follower::start);
            uplink.start();
            for (long batch = 0; batch < batches; batch++) {
                long last = next + hits - 1;
                say("issuing", next, last);
                boolean durable = spool.append(NumberedHits.range(id, next, last));
                say(durable ? "spooled" : "refused", next, last);
                next = last + 1;
                Thread.sleep(pause);
            }
            if (uplink.awaitDrained(Duration.ofMinutes(3))) {
                say("drained", next, next);
            }
        }
    }

    private static void say(String what, long first, long last) {
        System.out.println(what + " " + first + " " + last);
        System.out.flush();
    }
}
