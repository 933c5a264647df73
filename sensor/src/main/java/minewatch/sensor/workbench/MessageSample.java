package minewatch.sensor.workbench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import minewatch.signatures.Dialect;
import minewatch.signatures.Field;
import minewatch.signatures.Matcher;
import minewatch.signatures.Side;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.Template;
import minewatch.signatures.endpoint.Endpoints;
import minewatch.signatures.language.SignatureFile;
import org.jspecify.annotations.Nullable;

/// Messages to time signatures with: their own examples, or all that the sensor cuts out of
/// captures, which it takes by standing between the sensor and its pack.
///
/// - **Limits:** [#MAX_MESSAGES] messages of [#MAX_BYTES] together; what comes after is not kept.
public final class MessageSample {
    static final int MAX_MESSAGES = 200_000;
    static final int MAX_BYTES = 64 << 20;

    private final List<byte[]> messages = new ArrayList<>();
    private long bytes;
    private long packets;

    /// Every example of the files, those that must not match too.
    public static MessageSample ofExamples(List<SignatureFile> files) {
        MessageSample sample = new MessageSample();
        for (SignatureFile file : files) {
            for (SignatureFile.Message message : file.messages()) {
                message.match().forEach(sample::add);
                message.noMatch().forEach(sample::add);
            }
        }
        return sample;
    }

    private void add(SignatureFile.Example example) {
        byte[] text = example.text().getBytes(StandardCharsets.UTF_8);
        add(text, 0, text.length);
    }

    private synchronized void add(byte[] buffer, int start, int end) {
        if (messages.size() < MAX_MESSAGES && bytes + end - start <= MAX_BYTES) {
            byte[] message = new byte[end - start];
            System.arraycopy(buffer, start, message, 0, message.length);
            messages.add(message);
            bytes += message.length;
        }
    }

    /// Tells how many packets the messages are from.
    public void addPackets(long count) {
        packets += count;
    }

    public List<byte[]> messages() {
        return messages;
    }

    /// 0 where they are examples.
    public long packets() {
        return packets;
    }

    /// `pack`, except that whatever its matchers parse is kept here.
    public SignaturePack recording(SignaturePack pack) {
        return new SignaturePack() {
            @Override
            public List<Dialect> dialects() {
                return pack.dialects();
            }

            @Override
            public List<Template> templates() {
                return pack.templates();
            }

            @Override
            public Endpoints endpoints() {
                return pack.endpoints();
            }

            @Override
            public Matcher newMatcher() {
                return new Recorder(pack.newMatcher());
            }
        };
    }

    private final class Recorder implements Matcher {
        private final Matcher matcher;

        Recorder(Matcher matcher) {
            this.matcher = matcher;
        }

        @Override
        public Parse parse(byte[] buffer, int start, int end) {
            add(buffer, start, end);
            return matcher.parse(buffer, start, end);
        }

        @Override
        public int parseFirst(byte[] buffer, int start, int end) {
            int next = matcher.parseFirst(buffer, start, end);
            if (next >= 0) {
                add(buffer, start, next);
            }
            return next;
        }

        @Override
        public boolean isObject() {
            return matcher.isObject();
        }

        @Override
        public boolean isRequest() {
            return matcher.isRequest();
        }

        @Override
        public long idHash() {
            return matcher.idHash();
        }

        @Override
        public void match(@Nullable Side from, @Nullable Template request, Sink sink) {
            matcher.match(from, request, sink);
        }

        @Override
        public @Nullable String text(Template template, Field field) {
            return matcher.text(template, field);
        }

        @Override
        public byte @Nullable [] bytes(Template template, Field field) {
            return matcher.bytes(template, field);
        }

        @Override
        public double number(Template template, Field field) {
            return matcher.number(template, field);
        }

        @Override
        public long hash(Template template, Field field) {
            return matcher.hash(template, field);
        }
    }
}
