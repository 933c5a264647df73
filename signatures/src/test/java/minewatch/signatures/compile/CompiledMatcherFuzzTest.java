package minewatch.signatures.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import minewatch.signatures.Field;
import minewatch.signatures.Matcher;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.Template;

class CompiledMatcherFuzzTest {
    private static final SignaturePack PACK = SignaturePacks.builtIn();

    private final Matcher matcher = PACK.newMatcher();

    @FuzzTest(maxDuration = "10s")
    void anyBytesAreMatchedAndReadWithoutTrouble(byte[] text) {
        Matcher.Parse parse = matcher.parse(text, 0, text.length);
        matcher.isRequest();
        matcher.idHash();
        int[] matches = {0};
        matcher.match(
                null,
                null,
                template -> {
                    matches[0]++;
                    readAll(template);
                });
        for (Template request : PACK.templates()) {
            matcher.match(request.from().other(), request, this::readAll);
        }
        assertThat(matches[0] == 0 || parse == Matcher.Parse.OBJECT).isTrue();
    }

    private void readAll(Template template) {
        for (Field field : Field.values()) {
            String text = matcher.text(template, field);
            matcher.number(template, field);
            assertThat(text == null || template.fields().contains(field)).isTrue();
            assertThat(text == null || matcher.hash(template, field) != 0).isTrue();
        }
    }
}
