package minewatch.sensor.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TruthTest {
    private static final String HEADING =
            "file,source_ip,verdict,protocol,algorithm,shares_accepted,hashrate,notes\n";

    @Test
    void rowsOfOneCaptureAreTogetherInTheOrderOfTheFile() throws Exception {
        Map<String, List<Label>> labels =
                Truth.read(
                        "t.csv",
                        HEADING
                                + "b.pcap,10.0.0.1,miner|probable,stratum-v1,sha256d,12,1.5e3,\"said"
                                + " \"\"hi\"\", twice\"\r\n"
                                + "a.pcap,,none,,,,,\n"
                                + "b.pcap,2001:DB8::1,stretch,tls,,,\n\n");
        assertThat(labels.keySet()).containsExactly("b.pcap", "a.pcap");
        assertThat(labels.get("b.pcap"))
                .containsExactly(
                        new Label(
                                "b.pcap",
                                "10.0.0.1",
                                Set.of("miner", "probable"),
                                "stratum-v1",
                                "sha256d",
                                12L,
                                1500.0),
                        new Label(
                                "b.pcap",
                                "2001:db8::1",
                                Set.of("stretch"),
                                "tls",
                                null,
                                null,
                                null));
    }

    static Stream<Arguments> brokenRows() {
        return Stream.of(
                Arguments.of("a.pcap,10.0.0.1,miner,x,,", "row: 6 columns"),
                Arguments.of("a.pcap,10.0.0.1,guilty,x,,,,", "verdict: guilty (expected: of "),
                Arguments.of("a.pcap,ten,miner,x,,,,", "source_ip: ten (expected: an IPv4"),
                Arguments.of("a.pcap,,miner,x,,,,", "source_ip: nothing"),
                Arguments.of("../a.pcap,,none,,,,,", "file: ../a.pcap (expected: a path below"),
                Arguments.of("/etc/a.pcap,,none,,,,,", "file: /etc/a.pcap"),
                Arguments.of("a.pcap,10.0.0.1,miner,x,,-1,,", "shares_accepted: -1"),
                Arguments.of("a.pcap,10.0.0.1,miner,x,,1,NaN,", "hashrate: NaN"),
                Arguments.of("\"a.pcap,10.0.0.1,miner,x,,1,1,", "row: \"a.pcap"));
    }

    @ParameterizedTest
    @MethodSource("brokenRows")
    void whatBreaksARuleIsNamedWithItsLine(String row, String problem) {
        assertThatThrownBy(() -> Truth.read("t.csv", HEADING + row))
                .isInstanceOf(InvalidLabelsException.class)
                .hasMessageStartingWith("t.csv:2: " + problem);
    }

    @Test
    void anotherFileIsRefused(@TempDir Path folder) throws Exception {
        assertThatThrownBy(() -> Truth.read("t.csv", "name,value\n1,2\n"))
                .hasMessageStartingWith("t.csv:1: heading: name,value (expected: file,source_ip,");
        assertThatThrownBy(() -> Truth.read("t.csv", HEADING)).hasMessageContaining("no rows");
        Path latin =
                Files.write(
                        folder.resolve("l.csv"), "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Truth.read(latin)).hasMessageContaining("(expected: UTF-8)");
    }

    @Test
    void controlCharactersOfAStrangerDoNotReachTheTerminal() {
        assertThatThrownBy(() -> Truth.read("t.csv", HEADING + "a,\u001b[2J,miner,x,,,,"))
                .hasMessageContaining("\uFFFD[2J");
    }
}
