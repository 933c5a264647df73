package minewatch.collector.web;

import com.linecorp.armeria.common.QueryParams;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/// What every page needs: its language's words and figures, the addresses of its files, and where
/// it is itself. Templates see this and the view of their own page, nothing else.
public final class Page {
    private final Messages messages;
    private final Formats formats;
    private final StaticFiles files;
    private final String path;
    private final QueryParams query;
    private final String mark;
    private final Instant drawn;

    Page(
            Messages messages,
            StaticFiles files,
            String path,
            QueryParams query,
            String mark,
            Instant drawn) {
        this.messages = messages;
        this.formats = new Formats(messages);
        this.files = files;
        this.path = path;
        this.query = query;
        this.mark = mark;
        this.drawn = drawn;
    }

    /// A choice of the language switch.
    public record Choice(String tag, String label, String address, boolean current) {}

    public String text(String key, Object... arguments) {
        return messages.text(key, arguments);
    }

    public boolean has(String key) {
        return messages.has(key);
    }

    public Formats formats() {
        return formats;
    }

    public Language language() {
        return messages.language();
    }

    public String file(String name) {
        return files.address(name);
    }

    /// This page in each language.
    public List<Choice> languages() {
        return Arrays.stream(Language.values())
                .map(other ->
                        new Choice(
                                other.tag(),
                                text("language." + other.tag()),
                                with(Language.PARAMETER, other.tag()),
                                other == language()))
                .toList();
    }

    /// This page with one parameter of its address set.
    public String with(String name, String value) {
        return path + "?" + query.toBuilder().set(name, value).build().toQueryString();
    }

    /// This page without one parameter of its address.
    public String without(String name) {
        QueryParams rest = query.toBuilder().removeAndThen(name).build();
        return rest.isEmpty() ? path : path + "?" + rest.toQueryString();
    }

    /// Another page, in the language this one was explicitly asked in.
    public String link(String other) {
        return explicitLanguage()
                ? other + "?" + Language.PARAMETER + "=" + language().tag()
                : other;
    }

    public boolean explicitLanguage() {
        return query.contains(Language.PARAMETER);
    }

    /// When this page was drawn.
    public Formats.Stamp now() {
        return formats.time(drawn);
    }

    /// The stream of changes since this page was drawn.
    public String events() {
        return "/events?since=" + mark;
    }
}
