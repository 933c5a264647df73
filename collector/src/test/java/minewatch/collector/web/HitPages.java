package minewatch.collector.web;

import com.linecorp.armeria.common.QueryParams;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.time.Instant;
import java.util.Map;
import minewatch.collector.report.ProjectDetail.StoredHit;
import minewatch.feed.v1.Hit;

/// One hit drawn by the console's own template, for tests that need no server.
final class HitPages {
    private static final TemplateEngine TEMPLATES =
            TemplateEngine.createPrecompiled(
                    null,
                    ContentType.Html,
                    HitPages.class.getClassLoader(),
                    "minewatch.collector.web.pages");

    private HitPages() {}

    static Page page(Language language) {
        return new Page(
                new Messages(language),
                new StaticFiles(),
                "/projects/1",
                QueryParams.of(),
                "0.0",
                Instant.EPOCH);
    }

    static String draw(Hit hit, Page page) {
        var view = new HitView(new StoredHit(1, hit, null, null), page, Map.of());
        var output = new StringOutput();
        TEMPLATES.render("hit.jte", Map.of("page", page, "hit", view), output);
        return output.toString();
    }

    /// What a reader sees of a page: its words, in order, with single spaces.
    static String words(String html) {
        return html.replaceAll("(?s)<head>.*?</head>", " ")
                .replaceAll("<[^>]*>", " ")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
                .replaceAll("\\s+", " ")
                .replace(" )", ")");
    }
}
