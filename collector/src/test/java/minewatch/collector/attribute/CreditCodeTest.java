package minewatch.collector.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CreditCodeTest {
    private static final String EXAMPLE = "91350100M000100Y43"; // of GB 32100-2015

    @Test
    void theStandardsExampleIsValid() {
        assertThat(CreditCode.isValid(EXAMPLE)).isTrue();
    }

    @Test
    void everySingleWrongCharacterIsFound() {
        String alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
        for (int i = 0; i < EXAMPLE.length(); i++) {
            for (int j = 0; j < alphabet.length(); j++) {
                char c = alphabet.charAt(j);
                if (c != EXAMPLE.charAt(i)) {
                    String wrong = EXAMPLE.substring(0, i) + c + EXAMPLE.substring(i + 1);
                    assertThat(CreditCode.isValid(wrong)).as(wrong).isFalse();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "91350100M000100Y4",
                "91350100M000100Y433",
                "91350100m000100y43",
                "91350100I000100Y43",
                "９1350100M000100Y43"
            })
    void otherShapesAreRefused(String code) {
        assertThat(CreditCode.isValid(code)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"110105", "440305", "659001", "810000"})
    void regionsOfKnownProvincesAreValid(String code) {
        assertThat(RegionCode.isValid(code)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "11010", "1101055", "990101", "11010a", "１１０１０５"})
    void otherRegionsAreRefused(String code) {
        assertThat(RegionCode.isValid(code)).isFalse();
    }
}
