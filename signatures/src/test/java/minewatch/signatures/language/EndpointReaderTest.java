package minewatch.signatures.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import minewatch.signatures.endpoint.Endpoint;
import org.junit.jupiter.api.Test;

class EndpointReaderTest {
    private static List<Endpoint> read(String... rows) throws InvalidSignaturesException {
        return EndpointReader.read(
                "own.csv", EndpointReader.HEADER + "\n" + String.join("\n", rows));
    }

    @Test
    void aRowIsReadWhole() throws Exception {
        assertThat(
                        read(
                                "own,*.Example.org,3333 443,BTC LTC,shared unverified,"
                                        + "2025-01-02,2026-01-02,2026-06-30,test"))
                .containsExactly(
                        new Endpoint(
                                "own",
                                "*.example.org",
                                List.of(3333, 443),
                                List.of("BTC", "LTC"),
                                Set.of(Endpoint.Flag.SHARED, Endpoint.Flag.UNVERIFIED),
                                LocalDate.of(2025, 1, 2),
                                LocalDate.of(2026, 1, 2),
                                LocalDate.of(2026, 6, 30),
                                "test"));
    }

    @Test
    void notesAndEmptyLinesAreSkipped() throws Exception {
        assertThat(
                        EndpointReader.read(
                                "own.csv",
                                "# a note\r\n\r\n"
                                        + EndpointReader.HEADER
                                        + "\r\n# another\r\nown,a.b,,,,,,,test\r\n"))
                .hasSize(1);
    }

    @Test
    void everyProblemIsToldWithItsPlace() {
        assertThatThrownBy(() ->
                        read(
                                "Own,com,0 99999,btc,sharde,2026-02-30,,soon,",
                                "own,10.0.0.256,,,,,,,test",
                                "own,example.org,,,,,test"))
                .isInstanceOf(InvalidSignaturesException.class)
                .hasMessage(
                        """
                        own.csv:2:1: pool: Own (expected: a-z, 0-9, dot and -, at most 40; or nothing)
                        own.csv:2:5: endpoint: com (expected: a domain name of two labels or more, `*.` before it for all below; or an address)
                        own.csv:2:28: first_seen: 2026-02-30 (expected: a day, 2026-11-24, or nothing)
                        own.csv:2:40: expires: soon (expected: a day, 2026-11-24, or nothing)
                        own.csv:2:45: source: nothing (expected: where it is known from)
                        own.csv:2:9: ports: 0 (expected: ports, 1 to 65535, with spaces between)
                        own.csv:2:9: ports: 99999 (expected: ports, 1 to 65535, with spaces between)
                        own.csv:2:17: coins: btc (expected: ticker symbols with spaces between)
                        own.csv:2:21: flags: sharde (expected: a known name; did you mean shared?)
                        own.csv:3:5: endpoint: 10.0.0.256 (expected: a domain name of two labels or more, `*.` before it for all below; or an address)
                        own.csv:4:1: row: 7 columns (expected: 9 columns)\
                        """);
    }

    @Test
    void aListWithoutItsHeaderIsRefused() {
        assertThatThrownBy(() -> EndpointReader.read("own.csv", "own,a.b,,,,,,,test\n"))
                .hasMessageStartingWith("own.csv:1:1: header: own,a.b");
        assertThatThrownBy(() -> EndpointReader.read("own.csv", ""))
                .hasMessageStartingWith("own.csv:1:1: header: nothing");
    }

    @Test
    void aLineWithoutEndIsRefusedUnread() {
        assertThatThrownBy(() -> read("own,a.b,,,,,,," + "x".repeat(1 << 20)))
                .hasMessage("own.csv:2:1: row: too long (expected: at most 2048 characters)");
    }
}
