package minewatch.signatures.language;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import minewatch.signatures.endpoint.Endpoint;
import minewatch.signatures.endpoint.Endpoints;

class EndpointReaderFuzzTest {
    @FuzzTest(maxDuration = "10s")
    void everyListIsEitherCompiledOrExplained(FuzzedDataProvider data) {
        boolean headed = data.consumeBoolean();
        byte[] name = data.consumeBytes(40);
        String text = data.consumeRemainingAsString();
        try {
            List<Endpoint> rows =
                    EndpointReader.read(
                            "fuzz.csv", headed ? EndpointReader.HEADER + "\n" + text : text);
            Endpoints endpoints = Endpoints.of(rows);
            int found = endpoints.byName(name, 0, name.length);
            assertThat(found).isBetween(Endpoints.NONE, endpoints.size() - 1);
        } catch (InvalidSignaturesException e) {
            assertThat(e.problems()).isNotEmpty();
            assertThat(e.problems()).allMatch(p -> p.line() > 0 && p.column() > 0);
        }
    }
}
