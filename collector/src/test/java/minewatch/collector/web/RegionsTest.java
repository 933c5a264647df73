package minewatch.collector.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegionsTest {
    private final Regions regions = Regions.load();

    @Test
    void thereAreThirtyFourProvinces() {
        assertThat(regions.provinces())
                .hasSize(34)
                .allSatisfy(province -> {
                    assertThat(province.chinese()).isNotBlank();
                    assertThat(province.english()).isNotBlank();
                });
    }

    @ParameterizedTest
    @CsvSource({
        "150602, 内蒙古自治区 · 鄂尔多斯市 · 东胜区, Inner Mongolia · 鄂尔多斯市 · 东胜区",
        "150600, 内蒙古自治区 · 鄂尔多斯市, Inner Mongolia · 鄂尔多斯市",
        "150000, 内蒙古自治区, Inner Mongolia",
        "110108, 北京市 · 海淀区, Beijing · 海淀区",
        "710000, 台湾省, Taiwan",
        "159999, 内蒙古自治区, Inner Mongolia",
        "990000, 990000, 990000",
        "abc, abc, abc",
    })
    void aCodeIsNamedAsFarAsTheTableGoes(String code, String chinese, String english) {
        assertThat(regions.name(code, Language.ZH_CN)).isEqualTo(chinese);
        assertThat(regions.name(code, Language.EN)).isEqualTo(english);
    }
}
