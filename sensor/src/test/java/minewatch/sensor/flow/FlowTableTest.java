package minewatch.sensor.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import minewatch.testkit.Packets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlowTableTest {
    private static final String JSON = "{\"id\":1}";

    private Flows flows = new Flows();

    @AfterEach
    void close() {
        flows.close();
    }

    @Test
    void bothDirectionsAreOneFlowAndTheSynSenderIsItsOriginator() {
        flows.at(1, miner().flags(Packets.SYN))
                .at(1, pool().flags(Packets.SYN | Packets.ACK))
                .at(2, pool().payload(JSON))
                .at(3, miner().payload("x"));

        assertThat(flows.table.created()).isEqualTo(1);
        assertThat(flows.events)
                .containsExactly("suspect 0 responder '" + JSON + "'", "packet 0 originator 'x'");
    }

    @Test
    void answerToASynComesFromTheResponder() {
        flows.at(1, pool().flags(Packets.SYN | Packets.ACK)).at(2, pool().payload(JSON));

        assertThat(flows.events).containsExactly("suspect 0 responder '" + JSON + "'");
    }

    @Test
    void inTheMiddleOfAFlowTheFirstSpeakerIsTheOriginator() {
        flows.at(1, pool().payload("x")).at(2, pool().payload(JSON)).at(3, miner().payload("y"));

        assertThat(flows.events)
                .containsExactly("suspect 0 originator '" + JSON + "'", "packet 0 responder 'y'");
    }

    @Test
    void everyPacketOfASessionIsHandedOn() {
        flows.at(1, miner().payload(JSON))
                .at(1, pool())
                .at(1, pool().payload("x").flags(Packets.FIN | Packets.ACK))
                .at(1, miner().flags(Packets.FIN | Packets.ACK))
                .at(1, pool());

        assertThat(flows.events).hasSize(5);
        assertThat(flows.table.inspectedPackets()).isEqualTo(5);
    }

    @Test
    void laterFragmentBelongsToTheFlowOfItsFirst() {
        String head = JSON.repeat(3) + "\n..."; // 20 bytes of header and these: 6 × 8
        flows.at(1, miner().payload(head).flags(Packets.FIN | Packets.ACK).fragment(0, true))
                .at(1, piece(Packets.TCP, 6))
                .at(1, Packets.udp("10.0.0.1", 1, "10.9.0.9", 2).fragment(0, true))
                .at(1, piece(Packets.UDP, 1))
                .at(2, pool());
        flows.table.endInterval();

        assertThat(flows.table.created()).isEqualTo(2);
        assertThat(flows.events)
                .containsExactly(
                        "suspect 0 originator '" + head + "'",
                        "packet 0 originator 'piece'",
                        "packet 0 responder ''",
                        "interval 0 3 packets 133 octets 1 to 2 s");
    }

    @Test
    void laterFragmentAfterAResetChangesNothing() {
        flows.at(1, miner().flags(Packets.SYN).payload(JSON).fragment(0, true))
                .at(2, miner().flags(Packets.RST))
                .at(3, piece(Packets.TCP, 6));

        assertThat(flows.table.created()).isEqualTo(1);
        assertThat(flows.table.ended()).isZero();
    }

    @Test
    void vlansSeparateFlows() {
        flows.at(1, miner().vlan(1)).at(1, miner().vlan(2)).at(1, miner()).at(1, miner().vlan(1));

        assertThat(flows.table.created()).isEqualTo(3);
    }

    @Test
    void udpIsCountedButNeverSuspect() {
        flows.at(1, Packets.udp("10.0.0.1", 1, "10.0.0.2", 2).payload(JSON));

        assertThat(flows.table.created()).isEqualTo(1);
        assertThat(flows.events).isEmpty();
    }

    @Test
    void countersAreOfBothDirections() {
        flows.at(5, miner().flags(Packets.SYN)).at(6, pool().payload(JSON)).at(9, miner());

        flows.table.endInterval();
        flows.table.flush();

        String counters = "3 packets 128 octets 5 to 9 s from SYN";
        assertThat(flows.events).endsWith("interval 0 " + counters, "end 0 FORCED_END " + counters);
        assertThat(flows.table.active()).isZero();
        assertThat(flows.balances()).isTrue();
    }

    @Test
    void closedFlowLingersForLatePacketsAndThenEnds() {
        flows.at(1, miner().payload(JSON))
                .at(1, miner().flags(Packets.FIN | Packets.ACK))
                .at(1, pool().flags(Packets.FIN | Packets.ACK))
                .at(2, miner())
                .at(3, other());
        assertThat(flows.events).hasSize(4).noneMatch(e -> e.startsWith("end"));

        flows.at(30, other()).at(60, other());

        assertThat(flows.events).last().asString().startsWith("end 0 END_OF_FLOW 4 packets");
        assertThat(flows.table.ended()).isEqualTo(1);
        assertThat(flows.balances()).isTrue();
    }

    @Test
    void resetClosesAFlow() {
        flows.at(1, miner().payload(JSON)).at(1, pool().flags(Packets.RST));

        flows.at(30, other()).at(60, other());

        assertThat(flows.events).last().asString().startsWith("end 0 END_OF_FLOW");
    }

    @Test
    void synAfterTheCloseBeginsANewFlow() {
        flows.at(1, miner().payload(JSON))
                .at(1, miner().flags(Packets.FIN | Packets.ACK))
                .at(2, miner().flags(Packets.SYN))
                .at(2, miner().payload(JSON));

        assertThat(flows.events)
                .satisfiesExactly(
                        e -> assertThat(e).startsWith("suspect 0"),
                        e -> assertThat(e).startsWith("packet 0"),
                        e -> assertThat(e).startsWith("end 0 END_OF_FLOW 2 packets"),
                        e -> assertThat(e).startsWith("suspect 1"));
        assertThat(flows.table.created()).isEqualTo(2);
    }

    @Test
    void repeatedSynBelongsToTheSameFlow() {
        flows.at(1, miner().flags(Packets.SYN)).at(2, miner().flags(Packets.SYN));

        assertThat(flows.table.created()).isEqualTo(1);
    }

    @Test
    void idleFlowEndsInPacketTime() {
        flows.at(1, miner().payload(JSON)).at(500, other());
        assertThat(flows.events).hasSize(1);

        flows.at(700, other()).at(800, other());

        assertThat(flows.events)
                .last()
                .asString()
                .startsWith("end 0 IDLE_TIMEOUT 1 packets")
                .endsWith("1 to 1 s");
        assertThat(flows.balances()).isTrue();
    }

    @Test
    void packetAfterTheIdleTimeoutBeginsANewFlow() {
        flows.at(1, miner().payload(JSON)).at(602, miner().payload(JSON));

        assertThat(flows.events).hasSize(3);
        assertThat(flows.events.get(1)).startsWith("end 0 IDLE_TIMEOUT");
        assertThat(flows.table.created()).isEqualTo(2);
    }

    @Test
    void wrongTimeInTheFutureKeepsNoFlow() {
        flows.at(1, other()).at(9e8, miner().payload(JSON)).at(2, other()).at(100, other());

        assertThat(flows.events).last().asString().startsWith("end 0 IDLE_TIMEOUT");
    }

    @Test
    void fullTableEvictsAnOldFlowWithoutSession() {
        flows.close();
        flows = new Flows(new FlowConfig(12, 12, Duration.ofHours(1), Duration.ofHours(1)));
        flows.at(1, miner().payload(JSON));
        for (int i = 0; i < 30; i++) {
            flows.at(2 + i, Packets.tcp("10.1.0.1", 1000 + i, "10.1.0.2", 80));
        }

        assertThat(flows.table.active()).isEqualTo(12);
        assertThat(flows.table.evictedByPressure()).isEqualTo(19);
        assertThat(flows.events).hasSize(1); // the session's flow is still there
        assertThat(flows.balances()).isTrue();
    }

    @Test
    void fullTableOfSessionsEndsTheOldestOfThem() {
        flows.close();
        flows = new Flows(new FlowConfig(12, 12, Duration.ofHours(1), Duration.ofHours(1)));
        for (int i = 0; i < 13; i++) {
            flows.at(1 + i, Packets.tcp("10.1.0.1", 1000 + i, "10.1.0.2", 80).payload(JSON));
        }

        assertThat(flows.events).contains("end 0 LACK_OF_RESOURCES 1 packets 48 octets 1 to 1 s");
        assertThat(flows.balances()).isTrue();
    }

    @Test
    void tableGrowsAndLosesNothing() {
        for (int i = 0; i < 50_000; i++) {
            flows.at(
                    1,
                    Packets.tcp("10.1.0.1", i, "10.1.0.2", 80).payload(i % 100 == 0 ? JSON : "x"));
        }
        for (int i = 0; i < 50_000; i++) {
            flows.at(1, Packets.tcp("10.1.0.1", i, "10.1.0.2", 80));
        }

        assertThat(flows.table.created()).isEqualTo(50_000);
        assertThat(flows.table.active()).isEqualTo(50_000);
        assertThat(flows.events).hasSize(1000);
    }

    @Test
    void flowWhoseSessionsWereGivenUpIsTriedAgainWhileSlowAndSmall() {
        flows.takesSessions = false;
        for (int i = 0; i < 10; i++) {
            flows.at(i * 60, miner().payload(JSON));
        }

        assertThat(flows.events).hasSize(10);
    }

    @Test
    void flowWhoseSessionsWereGivenUpIsLeftAloneWhenBig() {
        flows.keepsSessions = false;
        for (int i = 0; i < 100; i++) {
            flows.at(1, miner().payload(JSON + " ".repeat(1400)));
        }

        // each session is given up with its second packet
        assertThat(flows.events).filteredOn(e -> e.startsWith("suspect")).hasSizeLessThan(30);
    }

    @Test
    void bulkFlowFallsOutOfTheGate() {
        for (int i = 0; i < 100; i++) {
            flows.at(1, miner().payload("x".repeat(1400)));
        }

        flows.at(1, miner().payload(JSON));

        assertThat(flows.events).isEmpty();
    }

    @Test
    void flowThatTurnsSlowIsTestedAgain() {
        for (int i = 0; i < 100; i++) {
            flows.at(1, miner().payload("x".repeat(1400)));
        }

        flows.at(60, miner().payload(JSON));

        assertThat(flows.events).containsExactly("suspect 0 originator '" + JSON + "'");
    }

    @Test
    void flushedTableBeginsAnew() {
        flows.at(1, miner().payload(JSON));
        flows.table.flush();

        flows.at(0, miner().payload(JSON));

        assertThat(flows.events).hasSize(3).last().asString().startsWith("suspect 1");
        assertThat(flows.table.active()).isEqualTo(1);
    }

    @Test
    void settingsOutOfRangeAreRefusedByName() {
        Duration minute = Duration.ofMinutes(1);
        assertThatThrownBy(() -> new FlowConfig(1, 0, minute, minute))
                .hasMessage("flow.max-flows: 0 (expected: 1 to 536870912)");
        assertThatThrownBy(() -> new FlowConfig(9, 8, minute, minute))
                .hasMessage("flow.initial-flows: 9 (expected: 1 to flow.max-flows)");
        assertThatThrownBy(() -> new FlowConfig(1, 8, Duration.ZERO, minute))
                .hasMessage("flow.tcp-idle: PT0S (expected: PT1S to PT24H)");
    }

    @Test
    void updatingFlowsAllocatesNothing() {
        FlowReplay replay = new FlowReplay();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        // While the compiler is at work, code that falls back to the interpreter may allocate.
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 5 && allocated != 0; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            replay.run(1_000_000);
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }

        assertThat(allocated).isZero();
    }

    private static Packets piece(int protocol, int offset) {
        return Packets.ip(protocol, "10.0.0.1", "10.9.0.9")
                .payload("piece")
                .fragment(offset, false);
    }

    private static Packets miner() {
        return Packets.tcp("10.0.0.1", 51234, "10.9.0.9", 3333);
    }

    private static Packets pool() {
        return Packets.tcp("10.9.0.9", 3333, "10.0.0.1", 51234);
    }

    private static Packets other() {
        return Packets.tcp("10.5.5.5", 5, "10.6.6.6", 6);
    }
}
