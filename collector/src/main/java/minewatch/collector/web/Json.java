package minewatch.collector.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;

/// JSON answers.
final class Json {
    private static final JsonMapper MAPPER = new JsonMapper();

    private Json() {}

    static HttpResponse ok(JsonNode body) {
        return HttpResponse.of(
                ResponseHeaders.of(
                        HttpStatus.OK, HttpHeaderNames.CONTENT_TYPE, MediaType.JSON_UTF_8),
                data(body));
    }

    /// `application/problem+json` (RFC 9457).
    static HttpResponse problem(Problem problem) {
        var headers =
                ResponseHeaders.builder(problem.status())
                        .contentType(MediaType.create("application", "problem+json"));
        if (problem.kind() == Problem.Kind.METHOD_NOT_ALLOWED) {
            headers.set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        return HttpResponse.of(headers.build(), data(problem.json()));
    }

    /// @param json written by this program, so that a fault in it is a bug
    static JsonNode parsed(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpData data(JsonNode body) {
        try {
            return HttpData.wrap(MAPPER.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
