package minewatch.signatures;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import minewatch.signatures.language.EndpointReader;
import org.junit.jupiter.api.Test;

/// What docs/reference/endpoints.md shows is so.
class EndpointsPageTest {
    private static String page() throws Exception {
        Path root = Path.of(System.getProperty("minewatch.root", ""));
        return Files.readString(root.resolve("docs/reference/endpoints.md"));
    }

    @Test
    void exampleListIsValid() throws Exception {
        String page = page();
        int start = page.indexOf("```csv\n") + 7;
        String list = page.substring(start, page.indexOf("```", start));

        assertThat(EndpointReader.read("own.csv", list)).hasSize(3);
    }

    @Test
    void everyWeightIsListed() throws Exception {
        String page = page();
        for (Weights.Weight weight : Weights.builtIn().all()) {
            String number = String.valueOf(weight.weight()).replaceFirst("\\.0$", "");
            assertThat(page)
                    .contains("| `%s` | %s | %s |".formatted(weight.id(), number, weight.group()));
            assertThat(weight.chosen()).isNotBlank();
        }
    }

    @Test
    void fingerprintsOfMinersAreKnownByTheirSoftware() {
        assertThat(Fingerprints.builtIn().client("t13i310900_e8f1e7e78f70_1f22a2ca17c4"))
                .startsWith("xmrig");
        assertThat(Fingerprints.builtIn().client("t13d1516h2_8daaf6152771_e5627efa2ab1")).isNull();
    }
}
