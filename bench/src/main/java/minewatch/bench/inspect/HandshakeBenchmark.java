package minewatch.bench.inspect;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import minewatch.sensor.inspect.endpoint.DnsReader;
import minewatch.sensor.inspect.tls.ClientHello;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What is read of every TLS connection and every DNS answer.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HandshakeBenchmark {
    private final ClientHello hello = new ClientHello();
    private final byte[] helloBytes = hello();
    private final DnsReader dns = new DnsReader();
    private final byte[] answer = answer();
    private final Sum sum = new Sum();

    /// Where a ClientHello's server name is, and whether it offers HTTP/2.
    @Benchmark
    public int clientHello() {
        if (!hello.read(helloBytes, 0, helloBytes.length) || hello.nameEnd() == hello.nameStart()) {
            throw new IllegalStateException("no name");
        }
        return hello.nameEnd();
    }

    /// The names and addresses of an answer with an alias and two addresses.
    @Benchmark
    public long dnsAnswer() {
        if (dns.read(answer, 0, answer.length, sum) != DnsReader.Result.ANSWER_OF_RESOLVER) {
            throw new IllegalStateException("no answer");
        }
        return sum.all;
    }

    /// As a browser's: sixteen cipher suites, name, ALPN and eight more extensions.
    private static byte[] hello() {
        ByteBuffer extensions = ByteBuffer.allocate(1024);
        byte[] name = "stratum.pool.example".getBytes(US_ASCII);
        extensions.putShort((short) 0).putShort((short) (name.length + 5));
        extensions.putShort((short) (name.length + 3)).put((byte) 0);
        extensions.putShort((short) name.length).put(name);
        byte[] protocols = "\u0002h2\u0008http/1.1".getBytes(US_ASCII);
        extensions.putShort((short) 16).putShort((short) (protocols.length + 2));
        extensions.putShort((short) protocols.length).put(protocols);
        for (int type : new int[] {5, 10, 11, 13, 18, 23, 35, 51}) {
            extensions.putShort((short) type).putShort((short) 32).put(new byte[32]);
        }
        extensions.flip();
        ByteBuffer hello = ByteBuffer.allocate(2048);
        hello.putShort((short) 0x0303).put(new byte[32]).put((byte) 32).put(new byte[32]);
        hello.putShort((short) 32);
        for (int suite = 0; suite < 16; suite++) {
            hello.putShort((short) (0xC02B + suite));
        }
        hello.put((byte) 1).put((byte) 0);
        hello.putShort((short) extensions.remaining()).put(extensions);
        return java.util.Arrays.copyOf(hello.array(), hello.position());
    }

    private static byte[] answer() {
        ByteBuffer message = ByteBuffer.allocate(512);
        message.putShort((short) 7).putShort((short) 0x8180);
        message.putShort((short) 1).putShort((short) 3).putInt(0);
        int question = message.position();
        put(message, "btc", "pool", "example");
        message.putShort((short) 1).putShort((short) 1);
        int edge = record(message, question, 5, 0); // CNAME: its length is set below
        int name = message.position();
        put(message, "edge", "cdn", "example");
        message.putShort(edge, (short) (message.position() - name));
        for (int host = 1; host <= 2; host++) {
            record(message, name, 1, 4);
            message.put((byte) 203).put((byte) 0).put((byte) 113).put((byte) host);
        }
        return java.util.Arrays.copyOf(message.array(), message.position());
    }

    private static void put(ByteBuffer message, String... labels) {
        for (String label : labels) {
            message.put((byte) label.length()).put(label.getBytes(US_ASCII));
        }
        message.put((byte) 0);
    }

    /// @return where its length stands
    private static int record(ByteBuffer message, int owner, int type, int length) {
        message.putShort((short) (0xC000 | owner)).putShort((short) type).putShort((short) 1);
        message.putInt(300).putShort((short) length);
        return message.position() - 2;
    }

    private static final class Sum implements DnsReader.Handler {
        private long all;

        @Override
        public void onName(byte[] name, int length) {
            all += name[length - 1];
        }

        @Override
        public void onAddress(long high, long low, long ttlSeconds) {
            all += low;
        }
    }
}
