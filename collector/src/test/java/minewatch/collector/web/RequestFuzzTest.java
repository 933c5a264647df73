package minewatch.collector.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.RequestHeaders;
import java.util.Set;

/// What a stranger asks is understood or refused by a problem; nothing else is thrown, and what
/// passes obeys the rules.
class RequestFuzzTest {
    @FuzzTest(maxDuration = "10s")
    void anyRequestIsUnderstoodOrRefused(FuzzedDataProvider data) {
        String query = data.consumeString(300);
        String id = data.consumeString(40);
        String accepted = data.consumeAsciiString(200).replaceAll("\\p{Cntrl}", "");
        assertThat(
                        Language.of(
                                QueryParams.fromQueryString(query).get("lang"),
                                RequestHeaders.builder(HttpMethod.GET, "/")
                                        .set("accept-language", accepted)
                                        .set("cookie", accepted)
                                        .build()))
                .isNotNull();
        try {
            QueryParams asked = QueryParams.fromQueryString(query);
            Filter filter = Filter.of(asked);
            assertThat(filter.region() == null || filter.region().matches("[0-9]{1,6}")).isTrue();
            assertThat(filter.text() == null || filter.text().length() <= Filter.TEXT_LENGTH)
                    .isTrue();
            assertThat(Parameters.number(asked, "hits", 1, 1000, 20)).isBetween(1, 1000);
            Parameters.allowOnly(asked, Set.of("region", "text", "hits"));
            assertThat(Parameters.id(id)).isPositive();
        } catch (Problem.RequestException refused) {
            assertThat(refused.problem().kind()).isEqualTo(Problem.Kind.INVALID_PARAMETER);
            assertThat(refused.problem().detail()).hasSizeLessThan(300);
        }
    }
}
