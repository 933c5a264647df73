package minewatch.collector.web;

import com.linecorp.armeria.common.Cookie;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import minewatch.collector.report.ProjectDetail;
import minewatch.collector.report.ProjectDetail.StoredHit;
import minewatch.collector.report.ProjectRow;
import minewatch.collector.report.Projects;
import org.jspecify.annotations.Nullable;

/// The console's pages: asks `report`, fills a view, renders a template.
///
/// **Thread:** any; blocks on the database, so never an event loop.
final class Pages {
    private static final String TEMPLATES = "minewatch.collector.web.pages";
    private static final Duration COOKIE_LIFE = Duration.ofDays(365);

    private final Projects projects;
    private final StaticFiles files;
    private final Supplier<String> mark;
    private final InstantSource clock;
    private final Regions regions = Regions.load();
    private final Map<Language, Messages> messages = new EnumMap<>(Language.class);
    private final TemplateEngine templates =
            TemplateEngine.createPrecompiled(
                    null, ContentType.Html, Pages.class.getClassLoader(), TEMPLATES);

    Pages(Projects projects, StaticFiles files, Supplier<String> mark, InstantSource clock) {
        this.projects = projects;
        this.files = files;
        this.mark = mark;
        this.clock = clock;
        for (Language language : Language.values()) {
            messages.put(language, new Messages(language));
        }
    }

    HttpResponse list(ServiceRequestContext ctx) {
        QueryParams query = query(ctx);
        Filter filter = Filter.of(query);
        int sheet = Parameters.number(query, "sheet", 1, 1_000_000, 1);
        Page page = page(ctx, query); // its mark is taken before the question is asked
        List<ProjectRow> rows = projects.list(filter.region(), filter.text());
        return html(ctx, HttpStatus.OK, "list.jte", page, listPage(page, filter, rows, sheet));
    }

    private ListPage listPage(Page page, Filter filter, List<ProjectRow> rows, int sheet) {
        int sheets = Math.max(1, (rows.size() + ListPage.SHEET - 1) / ListPage.SHEET);
        int shown = Math.min(sheet, sheets);
        List<ProjectView> views =
                rows.stream()
                        .skip((long) (shown - 1) * ListPage.SHEET)
                        .limit(ListPage.SHEET)
                        .map(row -> new ProjectView(row, page, regions))
                        .toList();
        return new ListPage(
                page,
                filter,
                regionChoices(page, filter.region()),
                views,
                Totals.of(rows),
                shown,
                sheets);
    }

    private List<ListPage.RegionChoice> regionChoices(Page page, @Nullable String current) {
        var choices = new ArrayList<ListPage.RegionChoice>();
        boolean found = false;
        for (Regions.Province province : regions.provinces()) {
            String prefix = province.code().substring(0, 2);
            boolean isCurrent = prefix.equals(current);
            found |= isCurrent;
            choices.add(
                    new ListPage.RegionChoice(prefix, province.name(page.language()), isCurrent));
        }
        if (current != null && !found) {
            String code = (current + "0000").substring(0, 6);
            choices.add(
                    new ListPage.RegionChoice(
                            current,
                            regions.name(code, page.language()) + " (" + current + ")",
                            true));
        }
        return choices;
    }

    HttpResponse project(ServiceRequestContext ctx) {
        QueryParams query = query(ctx);
        long id = Parameters.id(Console.required(ctx, "id"));
        int limit = Parameters.number(query, "hits", 1, ProjectPage.MOST_HITS, ProjectPage.HITS);
        long seen = query.contains("seen") ? seen(query.get("seen", "0")) : -1;
        Page page = page(ctx, query);
        ProjectDetail detail = projects.find(id, limit).orElseThrow(() -> unknown(id));
        return html(
                ctx, HttpStatus.OK, "project.jte", page, projectPage(page, detail, limit, seen));
    }

    private static long seen(String value) {
        return value.equals("0") ? 0 : Parameters.id(value);
    }

    static Problem.RequestException unknown(long id) {
        return new Problem(
                        Problem.Kind.UNKNOWN_PROJECT,
                        "id: " + id + " (expected: the id of a project in the ledger)")
                .asException();
    }

    /// @param seen id of the newest hit the reader has before him; -1 where the page is asked for
    ///   anew
    private ProjectPage projectPage(Page page, ProjectDetail detail, int limit, long seen) {
        Map<String, Double> scales = scales(detail.hits());
        List<HitView> hits =
                detail.hits().stream().map(hit -> new HitView(hit, page, scales)).toList();
        long newest = detail.hits().stream().mapToLong(StoredHit::id).max().orElse(0);
        return new ProjectPage(
                page,
                new ProjectView(detail.row(), page, regions),
                hits,
                detail.moreHits(),
                limit,
                newest,
                seen >= 0 && newest > seen);
    }

    /// By algorithm: the largest upper bound among the hits shown, so that their bars compare. What
    /// miners claim of themselves has no bar and sets no scale.
    private static Map<String, Double> scales(List<StoredHit> hits) {
        var scales = new HashMap<String, Double>();
        for (StoredHit stored : hits) {
            stored.hit()
                    .getHashrateMap()
                    .forEach((name, rate) -> {
                        if (!HitView.isClaim(rate)) {
                            scales.merge(name, rate.getHigh(), Math::max);
                        }
                    });
        }
        return scales;
    }

    HttpResponse problem(ServiceRequestContext ctx, Problem problem) {
        Page page = page(ctx, QueryParams.of());
        var view =
                new ProblemPage(
                        page, problem.kind().slug(), problem.status().code(), problem.detail());
        return html(ctx, problem.status(), "problem.jte", page, view);
    }

    private static QueryParams query(ServiceRequestContext ctx) {
        return QueryParams.fromQueryString(ctx.query());
    }

    private Page page(ServiceRequestContext ctx, QueryParams query) {
        Language language =
                Language.of(query(ctx).get(Language.PARAMETER), ctx.request().headers());
        return new Page(words(language), files, ctx.path(), query, mark.get(), clock.instant());
    }

    private Messages words(Language language) {
        return Objects.requireNonNull(messages.get(language));
    }

    private HttpResponse html(
            ServiceRequestContext ctx, HttpStatus status, String template, Page page, Object view) {
        var output = new StringOutput();
        templates.render(template, view, output);
        var headers =
                ResponseHeaders.builder(status)
                        .contentType(MediaType.HTML_UTF_8)
                        .set(HttpHeaderNames.CONTENT_LANGUAGE, page.language().tag())
                        .set(HttpHeaderNames.VARY, "accept-language, cookie");
        if (Language.named(query(ctx).get(Language.PARAMETER)).isPresent()) {
            headers.cookie(
                    Cookie.secureBuilder(Language.COOKIE, page.language().tag())
                            .secure(ctx.sessionProtocol().isTls())
                            .path("/")
                            .maxAge(COOKIE_LIFE.toSeconds())
                            .httpOnly(true)
                            .sameSite("Lax")
                            .build());
        }
        return HttpResponse.of(headers.build(), HttpData.ofUtf8(output.toString()));
    }
}
