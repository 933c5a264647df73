package minewatch.collector.report;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProjectListTest {
    private static final HashrateEstimate SHA256D =
            new HashrateEstimate("sha256d", new Band(1.1e13, 1.39e13, 1.8e13), "H/s", 40);

    @Test
    void tableShowsTheWholeLine() throws IOException {
        assertThat(write(ProjectList.TABLE, row("示例企业一号", SHA256D)))
                .isEqualTo(
                        """
                        VERDICT  ENTERPRISE    REGION  SOURCES    MINERS  PROTOCOLS   HASHRATE                       POWER            LAST SEEN             MINERS AT LEAST
                        miner    示例企业一号  110105  10.77.1.1  1       stratum-v1  sha256d 13.9 TH/s (11.0–18.0)  420 W (300–900)  2026-11-23T08:10:00Z  -
                        """);
    }

    @Test
    void tableLetsNoNameMoveTheCursor() throws IOException {
        assertThat(write(ProjectList.TABLE, row("a\u001B[2Jb\nc")))
                .doesNotContain("\u001B")
                .hasLineCount(2);
    }

    @ParameterizedTest
    @CsvSource({"'=1+1'", "'+1'", "'-1'", "'@SUM(A1)'"})
    void csvDoesNotLetANameBeAFormula(String name) throws IOException {
        assertThat(write(ProjectList.CSV, row(name))).contains(",'" + name + ",");
    }

    @Test
    void csvQuotesWhatItMust() {
        assertThat(ProjectList.cell("a \"b\", c")).isEqualTo("\"a \"\"b\"\", c\"");
        assertThat(ProjectList.cell("=a,b")).isEqualTo("\"'=a,b\"");
        assertThat(ProjectList.cell(null)).isEmpty();
    }

    @Test
    void csvHasALineForEachAlgorithm() throws IOException {
        String csv =
                write(
                        ProjectList.CSV,
                        row(
                                "甲",
                                SHA256D,
                                new HashrateEstimate("rx/0", new Band(1, 2, 3), "H/s", 4)));
        assertThat(csv.lines()).hasSize(3);
        assertThat(csv)
                .contains(",sha256d,1.1E13,1.39E13,1.8E13,H/s,40,")
                .contains(",rx/0,1.0,2.0,3.0,H/s,4,");
    }

    @Test
    void minersBehindTheAddressesComeLast() throws IOException {
        ProjectRow told = row("甲", 40L);
        assertThat(write(ProjectList.TABLE, told)).endsWith("  2026-11-23T08:10:00Z  40\n");
        assertThat(write(ProjectList.CSV, told))
                .contains(",last_seen,miners_at_least\r\n")
                .endsWith(",2026-11-23T08:10:00Z,40\r\n");
        assertThat(write(ProjectList.CSV, row("甲"))).endsWith(",2026-11-23T08:10:00Z,\r\n");
        assertThat(write(ProjectList.JSON, told)).endsWith(",\"miners_at_least\":40}\n");
    }

    @Test
    void everyColumnIsExplained() throws IOException {
        Path page = Path.of(System.getProperty("minewatch.root"), "docs/reference/registry.md");
        String text = Files.readString(page);
        String section = text.substring(text.indexOf("## The list of projects"));
        var rows = Pattern.compile("^\\| (`[^|]+`) \\|", Pattern.MULTILINE);
        String explained =
                rows.matcher(section).results().map(row -> row.group(1)).collect(joining(", "));
        String columns = write(ProjectList.CSV, row("甲")).lines().findFirst().orElseThrow();
        assertThat(explained).isEqualTo("`" + columns.replace(",", "`, `") + "`");
    }

    @Test
    void jsonLeavesOutWhatIsNotKnown() throws IOException {
        assertThat(write(ProjectList.JSON, row(null)))
                .startsWith(
                        "{\"id\":7,\"verdict\":\"miner\",\"confidence\":0.99,\"contested\":false,")
                .doesNotContain("enterprise")
                .endsWith("\"last_seen\":\"2026-11-23T08:10:00Z\"}\n");
    }

    private static String write(ProjectList format, ProjectRow... rows) throws IOException {
        var out = new StringBuilder();
        format.write(List.of(rows), out);
        return out.toString();
    }

    private static ProjectRow row(@Nullable String enterprise, HashrateEstimate... hashrate) {
        return row(enterprise, null, hashrate);
    }

    private static ProjectRow row(
            @Nullable String enterprise,
            @Nullable Long minersAtLeast,
            HashrateEstimate... hashrate) {
        return new ProjectRow(
                7,
                enterprise,
                null,
                "110105",
                null,
                List.of("10.77.1.1"),
                false,
                1,
                minersAtLeast,
                1,
                List.of("stratum-v1"),
                List.of(hashrate),
                new Band(300, 420, 900),
                Instant.parse("2026-11-23T08:00:00Z"),
                Instant.parse("2026-11-23T08:10:00Z"),
                "miner",
                0.99);
    }
}
