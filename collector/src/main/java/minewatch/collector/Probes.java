package minewatch.collector;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/// What machines ask of a collector: `/healthz` (200, or 503 and which room is stuck) and
/// `/metrics` (Prometheus text format 0.0.4).
final class Probes {
    private final BooleanSupplier databaseAnswers;
    private final PrometheusMeterRegistry metrics;

    /// @param databaseAnswers may take seconds; asked on the blocking executor only
    Probes(BooleanSupplier databaseAnswers, PrometheusMeterRegistry metrics) {
        this.databaseAnswers = databaseAnswers;
        this.metrics = metrics;
    }

    void addTo(ServerBuilder server) {
        server.service("/healthz", (ctx, request) -> blocking(ctx, this::health));
        server.service("/metrics", (ctx, request) -> blocking(ctx, this::scrape));
    }

    private static HttpResponse blocking(
            ServiceRequestContext ctx, java.util.function.Supplier<HttpResponse> answer) {
        return HttpResponse.of(CompletableFuture.supplyAsync(answer, ctx.blockingTaskExecutor()));
    }

    private HttpResponse health() {
        return databaseAnswers.getAsBoolean()
                ? json(HttpStatus.OK, "{\"status\":\"up\",\"ledger\":\"up\"}")
                : json(HttpStatus.SERVICE_UNAVAILABLE, "{\"status\":\"down\",\"ledger\":\"down\"}");
    }

    private HttpResponse scrape() {
        return HttpResponse.of(
                HttpStatus.OK,
                MediaType.parse("text/plain; version=0.0.4; charset=utf-8"),
                metrics.scrape());
    }

    private static HttpResponse json(HttpStatus status, String body) {
        return HttpResponse.of(status, MediaType.JSON_UTF_8, body);
    }
}
