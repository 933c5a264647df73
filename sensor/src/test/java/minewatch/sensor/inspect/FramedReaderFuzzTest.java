package minewatch.sensor.inspect;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import minewatch.signatures.Matcher;
import minewatch.signatures.SignaturePacks;

class FramedReaderFuzzTest {
    private static final Matcher MATCHER = SignaturePacks.builtIn().newMatcher();

    /// What a reader of frames would be given most: frames of its own, broken here and there. Every
    /// frame rendered is one JSON object, both directions stay within their memory, and give it
    /// back.
    @FuzzTest(maxDuration = "10s")
    void brokenFramesAreReadOrPassedOver(FuzzedDataProvider data) {
        BufferBudget budget = new BufferBudget(1 << 18);
        Exchange exchange = new Exchange(budget, data.consumeBoolean());
        boolean datagrams = data.consumeBoolean();
        MessageFramer[] sides = new MessageFramer[2];
        for (int i = 0; i < 2; i++) {
            sides[i] =
                    new MessageFramer(
                            budget,
                            datagrams
                                    ? exchange.datagramReaders(FramedReaderFuzzTest::onText)
                                    : exchange.streamReaders(FramedReaderFuzzTest::onText));
        }
        while (data.remainingBytes() > 0) {
            MessageFramer side = sides[data.consumeInt(0, 1)];
            byte[] bytes = frame(data);
            if (data.consumeProbabilityDouble() < 0.05) {
                side.onGap();
            }
            if (bytes.length > 0) {
                side.onBytes(bytes, 0, bytes.length, 0);
            }
        }
        sides[0].release();
        sides[1].release();
        if (budget.usedBytes() != 0) {
            throw new AssertionError(budget.usedBytes() + " bytes were not given back");
        }
    }

    private static byte[] frame(FuzzedDataProvider data) {
        byte[] start =
                switch (data.consumeInt(0, 9)) {
                    case 0 -> new byte[] {0x7F, data.consumeByte((byte) 1, (byte) 20)};
                    case 1 -> new byte[] {0, 0, data.consumeByte((byte) 0, (byte) 33)};
                    case 2 -> new byte[] {0, (byte) 0x80, data.consumeByte((byte) 21, (byte) 33)};
                    case 3 -> new byte[] {(byte) 0xF9, (byte) 0xBE, (byte) 0xB4, (byte) 0xD9, 'i'};
                    case 4 -> new byte[] {1, 0x21, 1, 1, 1, 1, 1, 1};
                    case 5 -> "JOB,".getBytes(StandardCharsets.US_ASCII);
                    case 6 -> "1234567,".getBytes(StandardCharsets.US_ASCII);
                    case 7 -> new byte[] {1, (byte) 0xAF, 4};
                    default -> new byte[0];
                };
        byte[] rest = data.consumeBytes(data.consumeInt(0, 300));
        byte[] all = new byte[start.length + rest.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(rest, 0, all, start.length, rest.length);
        return all;
    }

    private static void onText(byte[] data, int start, int end, long timeNanos) {
        boolean rendered = data[start] == '{' && end - start > 2 && data[start + 1] == '"';
        Matcher.Parse parse = MATCHER.parse(data, start, end);
        if (rendered && isOurs(data, start) && parse != Matcher.Parse.OBJECT) {
            throw new AssertionError(
                    new String(data, start, end - start, StandardCharsets.UTF_8) + " is " + parse);
        }
    }

    private static boolean isOurs(byte[] data, int start) {
        for (String name : new String[] {"btcagent", "sv2", "bitcoin", "levin", "duino", "rlpx"}) {
            if (Bytes.startsWith(data, start, data.length, "{\"" + name + "\":\"")) {
                return true;
            }
        }
        return false;
    }
}
