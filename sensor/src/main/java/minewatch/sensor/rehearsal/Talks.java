package minewatch.sensor.rehearsal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import minewatch.signatures.Dialect;
import minewatch.signatures.Side;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.language.InvalidSignaturesException;
import minewatch.signatures.language.SignatureFile;

/// What miners and pools say to each other, and others that sound like them.
final class Talks {
    /// What two sides say line by line: what opens it, then the same question and answer again.
    ///
    /// @param asks the first lines of the originator, and its later ones
    /// @param answers the same of the responder
    private record Dialogue(List<String> asks, List<String> answers) implements Talk {
        @Override
        public byte[] say(Random random, boolean back, boolean opens) {
            return (back ? answers : asks).get(opens ? 0 : 1).getBytes(US_ASCII);
        }
    }

    /// Any of these lines, in any order.
    private record Babble(List<String> asks, List<String> answers) implements Talk {
        @Override
        public byte[] say(Random random, boolean back, boolean opens) {
            List<String> lines = back ? answers : asks;
            return (lines.get(random.nextInt(lines.size())) + "\n").getBytes(UTF_8);
        }
    }

    private static final List<Dialogue> DIALOGUES =
            List.of(
                    new Dialogue(
                            List.of(
                                    """
                                    {"id":1,"method":"mining.subscribe","params":["cpuminer/2.5.1"]}
                                    {"id":2,"method":"mining.authorize","params":["example.rig1","x"]}
                                    """,
                                    """
                                    {"id":4,"method":"mining.submit","params":["example.rig1","b1","00000001","6b0464ac","d82caa00"]}
                                    """),
                            List.of(
                                    """
                                    {"id":1,"result":[[["mining.set_difficulty","a1"],["mining.notify","a1"]],"8162046b",4],"error":null}
                                    {"id":2,"result":true,"error":null}
                                    {"id":null,"method":"mining.set_difficulty","params":[8]}
                                    {"id":null,"method":"mining.notify","params":["b1","%s","%s","%s",["%s"],"20000000","1d00ffff","6b0464ac",true]}
                                    """
                                            .formatted(
                                                    "1f".repeat(32),
                                                    "01".repeat(60),
                                                    "02".repeat(60),
                                                    "3e".repeat(32)),
                                    """
                                    {"id":4,"result":true,"error":null}
                                    """)),
                    new Dialogue(
                            List.of(
                                    """
                                    {"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"4%s","pass":"x","agent":"XMRig/6.21.0 (Linux x86_64) libuv/1.44.2 gcc/11.4.0","algo":["rx/0"]}}
                                    """
                                            .formatted("A7".repeat(47)),
                                    """
                                    {"id":2,"jsonrpc":"2.0","method":"submit","params":{"id":"b4c4","job_id":"7c51","nonce":"d0030040","result":"%s"}}
                                    """
                                            .formatted("1c".repeat(32))),
                            List.of(
                                    """
                                    {"id":1,"jsonrpc":"2.0","error":null,"result":{"id":"b4c4","job":{"blob":"%s","job_id":"7c51","target":"b88d0600","algo":"rx/0","height":3000000,"seed_hash":"%s"},"extensions":["algo"],"status":"OK"}}
                                    """
                                            .formatted("10".repeat(76), "2e".repeat(32)),
                                    """
                                    {"id":2,"jsonrpc":"2.0","error":null,"result":{"status":"OK"}}
                                    """)),
                    new Dialogue(
                            List.of(
                                    """
                                    {"jsonrpc":"2.0","id":1,"method":"session.login","params":{"user":"ann\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e4\\u4e2d\\ud83d\\ude00\\ud83d"}}
                                    """,
                                    """
                                    { "jsonrpc" : "2.0",\t"id" : -2.5e+3, "method":"job.get", "params":{"queue":"mail","max":10,"l":[[],{},true,false,null]}}
                                    """),
                            List.of(
                                    """
                                    {"jsonrpc":"2.0","id":1,"result":{"session":"c7","roles":["reader",null]}}
                                    """,
                                    """
                                    {"jsonrpc":"2.0","id":2,"result":[{"job":17,"state":"new"}]}
                                    """)));

    private static final List<Babble> EXAMPLES = examples();

    private Talks() {}

    static Talk dialogue(int number) {
        return DIALOGUES.get(number % DIALOGUES.size());
    }

    /// The examples of a signature: messages of its dialect and some that are only like them.
    static Talk examples(int number) {
        return EXAMPLES.get(number % EXAMPLES.size());
    }

    private static List<Babble> examples() {
        try {
            return SignaturePacks.files(List.of()).stream()
                    .filter(file -> file.framing() == Dialect.Framing.JSON)
                    .map(file -> new Babble(lines(file, Side.MINER), lines(file, Side.POOL)))
                    .filter(babble -> !babble.asks.isEmpty() && !babble.answers.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InvalidSignaturesException e) {
            throw new IllegalStateException("broken built-in signatures: " + e.getMessage(), e);
        }
    }

    private static List<String> lines(SignatureFile file, Side side) {
        List<String> lines = new ArrayList<>();
        for (SignatureFile.Message message : file.messages()) {
            if (message.from() == side || message.from() == Side.EITHER) {
                message.match().forEach(example -> lines.add(example.text()));
                message.noMatch().forEach(example -> lines.add(example.text()));
            }
        }
        return lines;
    }
}
