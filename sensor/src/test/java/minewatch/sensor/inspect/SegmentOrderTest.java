package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentOrderTest {
    private static final int START = 0xFFFF_FFF0; // sequence numbers wrap in every test

    private final StringBuilder passed = new StringBuilder();
    private final BufferBudget budget = new BufferBudget(1 << 20);
    private final SegmentOrder order =
            new SegmentOrder(
                    budget,
                    new SegmentOrder.Handler() {
                        @Override
                        public void onBytes(byte[] data, int start, int end, long timeNanos) {
                            passed.append(
                                    new String(
                                            data, start, end - start, StandardCharsets.US_ASCII));
                        }

                        @Override
                        public void onGap() {
                            passed.append('#');
                        }
                    });

    private void segment(int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        order.onSegment(START + offset, bytes, bytes.length, bytes.length, 0);
    }

    @Test
    void earlySegmentWaitsItsTurn() {
        segment(0, "ab");
        segment(4, "ef");
        assertThat(passed.toString()).isEqualTo("ab");
        segment(2, "cd");
        assertThat(passed.toString()).isEqualTo("abcdef");
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void retransmissionIsPassedOnce() {
        segment(0, "abcd");
        segment(0, "abcd");
        segment(2, "cdef");
        assertThat(passed.toString()).isEqualTo("abcdef");
    }

    @Test
    void firstByteSeenWinsInAnOverlap() {
        segment(0, "abcd");
        segment(1, "XXXe");
        assertThat(passed.toString()).isEqualTo("abcde");
    }

    @Test
    void holeTheReceiverAcknowledgedIsAGap() {
        segment(0, "ab");
        segment(4, "ef");
        order.onAcknowledged(START + 6);
        assertThat(passed.toString()).isEqualTo("ab#ef");
    }

    @Test
    void holeThatStandsTooLongIsAGap() {
        segment(0, "ab");
        segment(4, "ef");
        byte[] later = {'g'};
        order.onSegment(START + 8, later, 1, 1, SegmentOrder.HOLE_NANOS + 1);
        assertThat(passed.toString()).isEqualTo("ab#ef");
        order.finish();
        assertThat(passed.toString()).isEqualTo("ab#ef#g");
    }

    @Test
    void bytesTheCaptureCutOffAreAGap() {
        order.onSegment(START, "abcd".getBytes(StandardCharsets.US_ASCII), 2, 4, 0);
        segment(4, "ef");
        assertThat(passed.toString()).isEqualTo("ab#ef");
    }

    /// Half of all sequence numbers away it is neither before nor after (RFC 1982 §3.2).
    @Test
    void segmentHalfwayRoundIsDropped() {
        segment(0, "ab");
        segment(2 + Integer.MIN_VALUE, "xx");
        segment(2, "cd");
        assertThat(passed.toString()).isEqualTo("abcd");
    }

    @Test
    void noSequenceNumberIsReadOutsideTheSegment() {
        int[] marks = {0, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 30, -(1 << 30)};
        Random random = new Random(7);
        byte[] data = new byte[16];
        for (int i = 0; i < 100_000; i++) {
            int sequence = marks[random.nextInt(marks.length)] + random.nextInt(24) - 12;
            int length = random.nextInt(data.length + 1);
            order.onSegment(sequence, data, length, length + random.nextInt(2), i);
            if (random.nextInt(8) == 0) {
                order.onAcknowledged(marks[random.nextInt(marks.length)]);
            }
        }
        order.discard();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void waitingSegmentsAreBounded() {
        segment(0, "a");
        for (int i = 0; i < 10 * SegmentOrder.MAX_WAITING_SEGMENTS; i++) {
            segment(2 + 2 * i, "x");
            assertThat(budget.usedBytes()).isLessThanOrEqualTo(SegmentOrder.MAX_WAITING_SEGMENTS);
        }
    }

    @Test
    void exhaustedBudgetLosesTheHoleAndNotTheOrder() {
        BufferBudget none = new BufferBudget(0);
        StringBuilder text = new StringBuilder();
        SegmentOrder poor =
                new SegmentOrder(
                        none,
                        new SegmentOrder.Handler() {
                            @Override
                            public void onBytes(byte[] data, int start, int end, long timeNanos) {
                                text.append(
                                        new String(
                                                data,
                                                start,
                                                end - start,
                                                StandardCharsets.US_ASCII));
                            }

                            @Override
                            public void onGap() {
                                text.append('#');
                            }
                        });
        poor.onSegment(0, new byte[] {'a'}, 1, 1, 0);
        poor.onSegment(2, new byte[] {'c'}, 1, 1, 0);
        poor.onSegment(1, new byte[] {'b'}, 1, 1, 0);
        poor.onSegment(3, new byte[] {'d'}, 1, 1, 0);
        assertThat(text.toString()).isEqualTo("a#cd");
        assertThat(none.refusals()).isEqualTo(1);
    }

    @Test
    void anyOrderOfNearSegmentsGivesTheSameBytes() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            passed.setLength(0);
            SegmentOrderTest fresh = new SegmentOrderTest();
            String text = "abcdefghijklmnopqrstuvwxyz0123456789";
            List<Integer> cuts = new ArrayList<>();
            for (int at = 0; at < text.length(); at += 1 + random.nextInt(4)) {
                cuts.add(at);
            }
            List<Integer> sent = new ArrayList<>(cuts.subList(1, cuts.size()));
            sent.addAll(cuts.subList(1, 1 + random.nextInt(cuts.size() - 1)));
            Collections.shuffle(sent, random);
            sent.addFirst(0);
            int[] lengths = new int[text.length()];
            for (int i = 0; i < cuts.size(); i++) {
                lengths[cuts.get(i)] =
                        (i + 1 < cuts.size() ? cuts.get(i + 1) : text.length()) - cuts.get(i);
            }
            if (cuts.size() > SegmentOrder.MAX_WAITING_SEGMENTS) {
                continue;
            }
            for (int at : sent) {
                fresh.segment(at, text.substring(at, at + lengths[at]));
            }
            assertThat(fresh.passed.toString()).isEqualTo(text);
        }
    }
}
