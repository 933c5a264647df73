package minewatch.collector.attribute;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryCsvTest {
    private static final String HEADER = "prefix,enterprise,valid_from,valid_to\n";

    @TempDir Path folder;

    @Test
    void rangeBecomesTheFewestPrefixes() throws Exception {
        assertThat(read("start,end,enterprise,valid_from\n10.0.0.1,10.0.0.6,甲,2026-01-01\n").rows())
                .extracting(row -> row.prefix().toString())
                .containsExactly("10.0.0.1/32", "10.0.0.2/31", "10.0.0.4/31", "10.0.0.6/32");
    }

    @Test
    void chineseHeadersOfFilingSystemsAreKnown() throws Exception {
        RegistryFile file =
                read(
                        """
                        起始IP地址,终止IP地址,使用方式,使用日期,单位名称,单位详细地址,统一社会信用代码,单位所在省ID,单位所在县ID,联系人姓名
                        10.0.0.0,10.0.0.255,静态,2026/1/5,示例企业（一号）,某路1号,91350100M000100Y43,110000,110105,张三
                        """);
        RegistryRow row = file.rows().getFirst();
        assertThat(row.holder())
                .isEqualTo(new Holder("示例企业（一号）", "91350100M000100Y43", "110105", "某路1号"));
        assertThat(row.useMode()).isEqualTo(UseMode.STATIC);
        assertThat(row.validFrom()).isEqualTo(Instant.parse("2026-01-04T16:00:00Z"));
        assertThat(file.ignoredColumns()).containsExactly("联系人姓名");
    }

    @ParameterizedTest
    @CsvSource({"UTF-8,''", "UTF-8,\uFEFF", "GB18030,''"})
    void encodingIsRecognised(String charset, String mark) throws Exception {
        Path file = folder.resolve("r.csv");
        String text = mark + HEADER + "10.0.0.0/24,示例企业一号,2026-01-01,\n";
        Files.write(file, text.getBytes(Charset.forName(charset)));
        assertThat(RegistryCsv.read(file, n -> {}).rows().getFirst().holder().enterprise())
                .isEqualTo("示例企业一号");
    }

    @Test
    void bytesOfNeitherEncodingAreRefused() throws Exception {
        Path file = folder.resolve("r.csv");
        Files.write(file, new byte[] {'a', (byte) 0xFF, (byte) 0xFF, '\n'});
        var refused =
                catchThrowableOfType(
                        RegistryException.class, () -> RegistryCsv.read(file, n -> {}));
        assertThat(refused.problems()).singleElement().asString().contains("UTF-8 nor GB18030");
    }

    @Test
    void allProblemsAreToldAtOnceWithTheirLines() {
        assertThat(
                        problems(
                                """
                                prefix,enterprise,credit_code,region_code,valid_from,valid_to,use_mode
                                10.0.0.1/24,甲,,,2026-01-01,,

                                10.0.1.0/24,,91350100M000100Y44,990000,2026-02-30,,sometimes
                                10.0.2.0/24,乙,,,2026-02-01,2026-01-01,
                                10.0.3.0/24,丙
                                """))
                .containsExactly(
                        "r.csv:2: prefix: 10.0.0.1/24 (expected: an IPv4 prefix from /8 or IPv6 prefix from /16, host bits zero)",
                        "r.csv:4: valid_from: 2026-02-30 (expected: a date 2026-01-31 or a time RFC 3339)",
                        "r.csv:4: enterprise: (empty) (expected: a name of 1 to 512 characters)",
                        "r.csv:4: credit_code: 91350100M000100Y44 (expected: 18 characters of GB 32100 with the right check character, or empty)",
                        "r.csv:4: region_code: 990000 (expected: six digits of GB/T 2260 in a known province)",
                        "r.csv:4: use_mode: sometimes (expected: static 静态, dynamic 动态, or empty)",
                        "r.csv:5: valid_to: 2026-01-01 (expected: later than valid_from)",
                        "r.csv:6: record: 2 values (expected: 7, as in the header)");
    }

    @Test
    void lineIsCountedThroughQuotedLineBreaks() {
        assertThat(
                        problems(
                                """
                                prefix,enterprise,valid_from,address
                                10.0.0.0/24,甲,2026-01-01,"某路
                                1号"
                                10.0.1.0/24,,2026-01-01,
                                """))
                .anySatisfy(problem -> assertThat(problem).startsWith("r.csv:4: enterprise"));
    }

    @Test
    void onePrefixTwiceAtOneTimeNamesBothLines() {
        assertThat(
                        problems(
                                HEADER
                                        + "10.0.0.0/24,甲,2026-01-01,2026-06-01\n"
                                        + "10.0.0.0/24,乙,2026-06-01,\n"
                                        + "10.0.0.0/25,丙,2026-01-01,\n"
                                        + "10.0.0.0/24,丁,2026-05-31,2026-06-01\n"))
                .containsExactly(
                        "r.csv:5: prefix: 10.0.0.0/24 (expected: not the same prefix at the same time as line 2)");
    }

    @Test
    void missingColumnsAreNamed() {
        assertThat(problems("prefix,start,end\n"))
                .hasSize(3)
                .anySatisfy(p -> assertThat(p).contains("either prefix, or start and end"))
                .anySatisfy(p -> assertThat(p).contains("a column enterprise"))
                .anySatisfy(p -> assertThat(p).contains("a column valid_from"));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.*",
        "10.0.0",
        "0x0a000001",
        "010.0.0.1",
        "10.0.0.0/255.255.255.0",
        "*",
        "''",
        "1-3.0.0.0",
        "0.0.0.0/0",
        "::/0",
        "fe80::1%eth0",
        "::ffff:10.0.0.1",
        "10.0.0.0/33",
        "10.0.0.0/3228904558", // negative in 32 bits
        "10.0.0.0/4294967320", // 24 in 32 bits
        "localhost"
    })
    void looseAddressFormsAreRefused(String prefix) {
        assertThat(problems(HEADER + prefix + ",甲,2026-01-01,\n"))
                .anySatisfy(problem -> assertThat(problem).startsWith("r.csv:2: prefix"));
    }

    @Test
    void anUnclosedQuoteIsAProblemNotAnEndlessValue() {
        assertThat(problems(HEADER + "10.0.0.0/24,\"甲" + "x".repeat(100_000)))
                .singleElement()
                .asString()
                .startsWith("r.csv:2: record");
    }

    @Test
    void tooManyValuesStopTheReading() {
        assertThat(problems("x,".repeat(10_000) + "\n"))
                .singleElement()
                .asString()
                .contains("more than 256");
    }

    @Test
    void controlCharactersOfAValueDoNotReachTheTerminal() {
        assertThat(problems(HEADER + "\u001B[2J,甲,2026-01-01,\n"))
                .allSatisfy(problem -> assertThat(problem).doesNotContain("\u001B"));
    }

    private RegistryFile read(String text) throws IOException, RegistryException {
        Path file = Files.writeString(folder.resolve("r.csv"), text, UTF_8);
        return RegistryCsv.read(file, n -> {});
    }

    private static List<String> problems(String text) {
        return catchThrowableOfType(
                        RegistryException.class,
                        () -> RegistryCsv.read("r.csv", new java.io.StringReader(text)))
                .problems();
    }
}
