package minewatch.signatures.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import minewatch.signatures.Side;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.language.SignatureFile;
import minewatch.signatures.lexer.JsonTape;
import org.junit.jupiter.api.Test;

class GlanceTest {
    private static final int CHANGES = 60;
    private static final List<String> INSERTIONS =
            List.of(
                    "",
                    "0",
                    "\"",
                    "\\u0061",
                    "a",
                    ",",
                    "null",
                    "[]",
                    ",\"id\":1",
                    "\"params\":[],");

    private final JsonTape tape = new JsonTape();
    private final Glance glance = new Glance();
    private final Random random = new Random(1);
    private int fitting;
    private int kept;
    private int excluded;

    @Test
    void whatFitsIsNotRuledOutAtAGlance() throws Exception {
        List<SignatureFile> files = SignaturePacks.files(List.of());
        List<Compiled> all = compiled(CompiledPack.of(files));
        Candidates candidates = new Candidates(all);
        for (String text : examples(files)) {
            hold(text, all, candidates);
            for (int i = 0; i < CHANGES; i++) {
                hold(changed(text), all, candidates);
            }
        }

        assertThat(fitting).isGreaterThan(10_000);
        assertThat(kept).isLessThan(excluded / 5); // else it would be of no use
    }

    private void hold(String text, List<Compiled> all, Candidates candidates) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (tape.parse(bytes, 0, bytes.length) != JsonTape.Result.OBJECT) {
            return;
        }
        glance.at(tape);
        for (int i = 0; i < all.size(); i++) {
            Compiled one = all.get(i);
            Side from = one.template().from();
            glance.from(from == Side.EITHER ? Side.MINER : from);
            boolean maybe = candidates.next(i, glance) == i;
            boolean fits = one.check().fits(tape, 0);
            fitting += fits ? 1 : 0;
            kept += maybe ? 1 : 0;
            excluded += maybe ? 0 : 1;

            assertThat(maybe || !fits).as("%s of %s", one.template().id(), text).isTrue();
        }
    }

    @Test
    void whoSendsItIsTold() throws Exception {
        List<Compiled> all = compiled(CompiledPack.of(SignaturePacks.files(List.of())));
        Compiled submit =
                all.stream()
                        .filter(one -> one.template().id().equals("stratum-v1.submit"))
                        .findFirst()
                        .orElseThrow();
        Candidates candidates = new Candidates(List.of(submit));
        byte[] text =
                "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"a.b\",\"1f\",\"00000000\",\"6553f101\",\"9f2c3d4e\"]}"
                        .getBytes(StandardCharsets.UTF_8);
        tape.parse(text, 0, text.length);
        glance.at(tape);

        glance.from(null);
        assertThat(candidates.next(0, glance)).isZero();
        glance.from(Side.POOL);
        assertThat(candidates.next(0, glance)).isEqualTo(-1);
        glance.from(Side.MINER);
        assertThat(candidates.next(0, glance)).isZero();
    }

    private static List<Compiled> compiled(CompiledPack pack) {
        List<Compiled> all = new ArrayList<>();
        pack.templates().forEach(template -> all.add(pack.compiled(template.index())));
        return all;
    }

    private static List<String> examples(List<SignatureFile> files) {
        List<String> texts = new ArrayList<>();
        for (SignatureFile file : files) {
            for (SignatureFile.Message message : file.messages()) {
                message.match().forEach(example -> texts.add(example.text()));
                message.noMatch().forEach(example -> texts.add(example.text()));
            }
        }
        return texts;
    }

    private String changed(String text) {
        int at = random.nextInt(text.length());
        int removed = random.nextInt(3);
        String insertion = INSERTIONS.get(random.nextInt(INSERTIONS.size()));
        return text.substring(0, at)
                + insertion
                + text.substring(Math.min(text.length(), at + removed));
    }
}
