package minewatch.sensor.inspect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A framer that writes down what it hears.
final class Heard implements MessageFramer.Handler {
    final List<String> texts = new ArrayList<>();
    final List<String> heads = new ArrayList<>();
    final List<String> bodies = new ArrayList<>();
    final List<String> tunnels = new ArrayList<>();
    final BufferBudget budget = new BufferBudget(1 << 20);
    final MessageFramer framer = new MessageFramer(budget, this);

    Heard bytes(byte[] bytes) {
        framer.onBytes(bytes, 0, bytes.length, 0);
        return this;
    }

    Heard bytes(String latin1) {
        return bytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    Heard oneByOne(byte[] bytes) {
        for (byte b : bytes) {
            bytes(new byte[] {b});
        }
        return this;
    }

    Heard gap() {
        framer.onGap();
        return this;
    }

    @Override
    public void onText(byte[] data, int start, int end, long timeNanos) {
        texts.add(text(data, start, end));
    }

    @Override
    public void onHead(byte[] data, int start, int end, long timeNanos) {
        heads.add(text(data, start, end));
    }

    @Override
    public void onBody(byte[] data, int start, int end, long timeNanos) {
        bodies.add(text(data, start, end));
    }

    @Override
    public void onTunnel(Tunnel tunnel) {
        tunnels.add(tunnel.by() + " " + tunnel.host() + " " + tunnel.port());
    }

    private static String text(byte[] data, int start, int end) {
        return new String(data, start, end - start, StandardCharsets.UTF_8);
    }
}
