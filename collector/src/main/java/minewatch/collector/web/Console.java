package minewatch.collector.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.encoding.EncodingService;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import minewatch.collector.ledger.Ledger;
import minewatch.collector.ledger.LedgerChanges;
import minewatch.collector.report.LedgerUnavailableException;
import minewatch.collector.report.Projects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The web side of the collector, drawn whole: every route, and what stands behind it.
///
/// | route | answers |
/// |---|---|
/// | `/` | the list of projects |
/// | `/projects/{id}` | one project and its evidence |
/// | `/events` | server-sent events: the ledger changed |
/// | `/api/v1/projects`, `/api/v1/projects/{id}` | the same as JSON |
/// | `/openapi.yaml` | the API's description |
/// | `/static/{hash}/{name}` | style sheet, scripts, icon |
public final class Console implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final String API = "/api/";
    private static final int MARK_LENGTH = 64; // characters

    private final Function<LedgerChanges, Ledger.Subscription> subscribe;
    private final LiveEvents events = new LiveEvents();
    private final StaticFiles files = new StaticFiles();
    private final Pages pages;
    private final ProjectsResource projects;
    private Ledger.@Nullable Subscription subscription;
    private final byte[] openapi = StaticFiles.resource("openapi.yaml");

    /// @param projects what is known; asked on the blocking executor only
    /// @param subscribe as `ledger::subscribe`; called by [#addTo]
    public Console(Projects projects, Function<LedgerChanges, Ledger.Subscription> subscribe) {
        this.subscribe = subscribe;
        this.pages = new Pages(projects, files, events::mark, InstantSource.system());
        this.projects = new ProjectsResource(projects, events::mark);
    }

    /// Adds the console's routes. What none of them answers, in this server, is answered by a
    /// problem of kind `not-found`.
    public void addTo(ServerBuilder server) {
        subscription = subscribe.apply(events);
        query(server, "/", pages::list);
        query(server, "/projects/{id}", pages::project);
        query(server, "/api/v1/projects", projects::list);
        query(server, "/api/v1/projects/{id}", projects::find);
        at(server, "/events", guarded(this::events));
        at(server, "/openapi.yaml", guarded(ctx -> openapi()));
        at(server, "/static/{hash}/{name}", compressed(guarded(this::file)));
        server.serviceUnder("/", secured(guarded(Console::nothingHere)));
    }

    /// Ends the event streams. The server itself belongs to who built it.
    @Override
    public void close() {
        if (subscription != null) {
            subscription.close();
        }
        events.close();
    }

    /// Answers one request, or throws a [Problem.RequestException].
    @FunctionalInterface
    interface Answer {
        HttpResponse to(ServiceRequestContext ctx);
    }

    private void query(ServerBuilder server, String path, Answer answer) {
        HttpService blocking =
                (ctx, req) ->
                        HttpResponse.of(
                                CompletableFuture.supplyAsync(
                                        () -> answered(ctx, answer), ctx.blockingTaskExecutor()));
        at(server, path, compressed(blocking));
    }

    private static void at(ServerBuilder server, String path, HttpService service) {
        var route = Route.builder().path(path).methods(HttpMethod.GET, HttpMethod.HEAD).build();
        server.service(route, secured(service));
    }

    private static HttpService compressed(HttpService service) {
        return service.decorate(EncodingService.newDecorator());
    }

    private static HttpService secured(HttpService service) {
        return service.decorate(SecurityHeaders::serve);
    }

    private HttpService guarded(Answer answer) {
        return (ctx, req) -> answered(ctx, answer);
    }

    private HttpResponse answered(ServiceRequestContext ctx, Answer answer) {
        try {
            return answer.to(ctx);
        } catch (Problem.RequestException refused) {
            return problem(ctx, refused.problem());
        } catch (LedgerUnavailableException unavailable) {
            LOG.warn("cannot answer {}: {}", ctx.path(), unavailable.getMessage());
            return problem(
                    ctx,
                    new Problem(
                            Problem.Kind.LEDGER_UNAVAILABLE,
                            "the database does not answer; try again later"));
        } catch (RuntimeException bug) {
            String reference = UUID.randomUUID().toString();
            LOG.error("cannot answer {}; reference {}", ctx.path(), reference, bug);
            return problem(
                    ctx,
                    new Problem(
                            Problem.Kind.INTERNAL,
                            "see the collector's log, reference " + reference));
        }
    }

    private HttpResponse problem(ServiceRequestContext ctx, Problem problem) {
        boolean forPeople =
                !ctx.path().startsWith(API)
                        && ctx.request()
                                .headers()
                                .get(HttpHeaderNames.ACCEPT, "")
                                .contains("text/html");
        return forPeople ? pages.problem(ctx, problem) : Json.problem(problem);
    }

    private static HttpResponse nothingHere(ServiceRequestContext ctx) {
        HttpRequest request = ctx.request();
        boolean readOnly =
                request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
        throw new Problem(
                        readOnly ? Problem.Kind.NOT_FOUND : Problem.Kind.METHOD_NOT_ALLOWED,
                        readOnly
                                ? "nothing is served at this path"
                                : "method: " + request.method() + " (expected: GET or HEAD)")
                .asException();
    }

    private HttpResponse events(ServiceRequestContext ctx) {
        QueryParams query = QueryParams.fromQueryString(ctx.query());
        String since =
                ctx.request().headers().get("last-event-id", query.get("since", events.mark()));
        if (since.length() > MARK_LENGTH) {
            throw Parameters.invalid("since", since, "what a page or an event gave");
        }
        ctx.clearRequestTimeout();
        HttpResponse stream = events.stream(since);
        if (stream == null) {
            throw new Problem(
                            Problem.Kind.TOO_MANY_STREAMS,
                            LiveEvents.STREAMS + " are open; try again later")
                    .asException();
        }
        return stream;
    }

    private HttpResponse openapi() {
        return HttpResponse.of(
                ResponseHeaders.of(
                        HttpStatus.OK,
                        HttpHeaderNames.CONTENT_TYPE,
                        MediaType.create("application", "yaml"),
                        HttpHeaderNames.CACHE_CONTROL,
                        "no-cache"),
                HttpData.wrap(openapi));
    }

    private HttpResponse file(ServiceRequestContext ctx) {
        HttpResponse file = files.serve(required(ctx, "hash"), required(ctx, "name"));
        return file == null ? nothingHere(ctx) : file;
    }

    /// A parameter of the path; the router has made sure that it is there.
    static String required(ServiceRequestContext ctx, String name) {
        String value = ctx.pathParam(name);
        if (value == null) {
            throw new IllegalStateException(name + ": not in the path of this route");
        }
        return value;
    }
}
