package minewatch.collector.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpStatus;
import java.util.Locale;

/// What went wrong with a request, for programs (RFC 9457) and, by its title, for people.
///
/// @param kind stable; its `type` is what clients switch on
/// @param detail what was wrong with this request, `name: value (expected: rule)`
record Problem(Kind kind, String detail) {
    /// The kinds there are. Names are API: add, never rename.
    enum Kind {
        INVALID_PARAMETER(400, "Invalid parameter"),
        UNKNOWN_PROJECT(404, "Unknown project"),
        NOT_FOUND(404, "Not found"),
        METHOD_NOT_ALLOWED(405, "Method not allowed"),
        TOO_MANY_STREAMS(503, "Too many event streams"),
        LEDGER_UNAVAILABLE(503, "Ledger unavailable"),
        INTERNAL(500, "Internal error");

        private final int status;
        private final String title;

        Kind(int status, String title) {
            this.status = status;
            this.title = title;
        }

        /// `invalid-parameter`
        String slug() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    HttpStatus status() {
        return HttpStatus.valueOf(kind.status);
    }

    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "/problems/" + kind.slug())
                .put("title", kind.title)
                .put("status", kind.status)
                .put("detail", detail);
    }

    RequestException asException() {
        return new RequestException(this);
    }

    /// Ends the handling of a request with a problem.
    static final class RequestException extends RuntimeException {
        private final transient Problem problem;

        RequestException(Problem problem) {
            super(problem.detail(), null, false, false);
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }
}
