package minewatch.collector.web;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;

/// Headers every answer of the console carries. A page may load its own style sheet and scripts and
/// nothing else: no inline code, no other host, no frame around it.
///
/// Source: W3C Content Security Policy Level 3; Fetch (`nosniff`); W3C Referrer Policy.
final class SecurityHeaders {
    static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                    + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private SecurityHeaders() {}

    static HttpResponse serve(HttpService service, ServiceRequestContext ctx, HttpRequest request)
            throws Exception {
        return service.serve(ctx, request)
                .mapHeaders(headers -> {
                    var builder =
                            headers.toBuilder()
                                    .set("content-security-policy", POLICY)
                                    .set("x-content-type-options", "nosniff")
                                    .set("x-frame-options", "DENY")
                                    .set("referrer-policy", "same-origin")
                                    .set("cross-origin-opener-policy", "same-origin")
                                    .set("cross-origin-resource-policy", "same-origin");
                    if (!headers.contains("cache-control")) {
                        builder.set("cache-control", "no-store"); // it speaks of enterprises
                    }
                    return builder.build();
                });
    }
}
