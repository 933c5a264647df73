package minewatch.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/// Any text is either settings or a [ConfigException] with at least one problem.
class YamlTreeFuzzTest {
    record Any(@Setting(byDefault = "1") int number, @Setting(byDefault = "1s") String text) {}

    @FuzzTest(maxDuration = "10s")
    void anyTextIsSettingsOrProblems(FuzzedDataProvider data) {
        try {
            assertThat(ConfigReader.parse("f", data.consumeRemainingAsString(), null, Any.class))
                    .isNotNull();
        } catch (ConfigException e) {
            assertThat(e.problems()).isNotEmpty();
        }
    }
}
