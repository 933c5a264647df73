package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// docs/reference/scan.md explains every anomaly of inspection there is, and no other.
class AnomalyPageTest {
    @Test
    void everyAnomalyIsExplained() throws IOException {
        Path page = Path.of(System.getProperty("minewatch.root"), "docs/reference/scan.md");
        String text = Files.readString(page);
        int start = text.indexOf("| reason | counts | means |");
        String table = text.substring(start, text.indexOf("\n\n", start));
        var rows = Pattern.compile("^\\| `([a-z0-9_.]+)` \\|", Pattern.MULTILINE);
        var explained = rows.matcher(table).results().map(row -> row.group(1)).toList();
        var all = Arrays.stream(InspectAnomaly.values()).map(InspectAnomaly::label).toList();
        assertThat(explained).containsExactlyInAnyOrderElementsOf(all);
    }
}
