package minewatch.collector.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.function.Supplier;
import minewatch.collector.report.Band;
import minewatch.collector.report.HashrateEstimate;
import minewatch.collector.report.ProjectDetail;
import minewatch.collector.report.ProjectDetail.StoredHit;
import minewatch.collector.report.ProjectRow;
import minewatch.collector.report.Projects;
import minewatch.feed.HitJson;
import org.jspecify.annotations.Nullable;

/// `/api/v1/projects`: the ledger as JSON. Absent knowledge is an absent field; hits are
/// `minewatch.hit/1` as they were received.
///
/// **Thread:** any; blocks on the database, so never an event loop.
final class ProjectsResource {
    private static final int HITS = 100;
    private static final int MOST_HITS = 1000;

    private final Projects projects;
    private final Supplier<String> mark;

    ProjectsResource(Projects projects, Supplier<String> mark) {
        this.projects = projects;
        this.mark = mark;
    }

    HttpResponse list(ServiceRequestContext ctx) {
        QueryParams query = QueryParams.fromQueryString(ctx.query());
        Parameters.allowOnly(query, Filter.PARAMETERS);
        Filter filter = Filter.of(query);
        ObjectNode body = object().put("mark", mark.get());
        ArrayNode list = body.putArray("projects");
        projects.list(filter.region(), filter.text()).forEach(row -> list.add(project(row)));
        return Json.ok(body);
    }

    HttpResponse find(ServiceRequestContext ctx) {
        QueryParams query = QueryParams.fromQueryString(ctx.query());
        Parameters.allowOnly(query, Set.of("hits"));
        long id = Parameters.id(Console.required(ctx, "id"));
        int limit = Parameters.number(query, "hits", 1, MOST_HITS, HITS);
        String drawn = mark.get();
        ProjectDetail detail = projects.find(id, limit).orElseThrow(() -> Pages.unknown(id));
        ObjectNode body = object().put("mark", drawn);
        body.set("project", project(detail.row()));
        ArrayNode hits = body.putArray("hits");
        detail.hits().forEach(hit -> hits.add(hit(hit)));
        body.put("more_hits", detail.moreHits());
        return Json.ok(body);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ObjectNode project(ProjectRow row) {
        ObjectNode project = object().put("id", row.id());
        putIfKnown(project, "enterprise", row.enterprise());
        putIfKnown(project, "credit_code", row.creditCode());
        putIfKnown(project, "region_code", row.regionCode());
        putIfKnown(project, "address", row.address());
        ArrayNode sourceIps = project.putArray("source_ips");
        row.sourceIps().forEach(sourceIps::add);
        project.put("contested", row.contested());
        project.put("miners", row.miners());
        if (row.minersAtLeast() != null) {
            project.put("miners_at_least", row.minersAtLeast());
        }
        project.put("sessions", row.sessions());
        ArrayNode protocols = project.putArray("protocols");
        row.protocols().forEach(protocols::add);
        ObjectNode rates = project.putObject("hashrate");
        row.hashrate().forEach(rate -> rates.set(rate.algorithm(), rate(rate)));
        if (row.power() != null) {
            project.set("power_watts", band(row.power()));
        }
        project.put("first_seen", DateTimeFormatter.ISO_INSTANT.format(row.firstSeen()));
        project.put("last_seen", DateTimeFormatter.ISO_INSTANT.format(row.lastSeen()));
        project.put("verdict", row.verdict());
        return project.put("confidence", row.confidence());
    }

    private static ObjectNode rate(HashrateEstimate estimate) {
        return band(estimate.rate()).put("unit", estimate.unit()).put("shares", estimate.shares());
    }

    /// A bound that is not finite is not known: JSON has no infinity.
    private static ObjectNode band(Band band) {
        ObjectNode node = object();
        putIfFinite(node, "low", band.low());
        putIfFinite(node, "best", band.best());
        putIfFinite(node, "high", band.high());
        return node;
    }

    private static ObjectNode hit(StoredHit stored) {
        ObjectNode node = object().put("id", stored.id());
        putIfKnown(node, "attributed_to", stored.attributedTo());
        putIfKnown(node, "attribution_source", stored.attributionSource());
        node.set("hit", Json.parsed(HitJson.write(stored.hit())));
        return node;
    }

    private static void putIfKnown(ObjectNode node, String name, @Nullable String value) {
        if (value != null) {
            node.put(name, value);
        }
    }

    private static void putIfFinite(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        }
    }
}
