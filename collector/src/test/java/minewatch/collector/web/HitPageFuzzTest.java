package minewatch.collector.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import com.linecorp.armeria.common.QueryParams;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.time.Instant;
import java.util.Map;
import minewatch.collector.report.ProjectDetail.StoredHit;
import minewatch.feed.v1.Hit;

/// Whatever a stored hit holds, it is drawn, and never becomes markup.
class HitPageFuzzTest {
    private static final TemplateEngine TEMPLATES =
            TemplateEngine.createPrecompiled(
                    null,
                    ContentType.Html,
                    HitPageFuzzTest.class.getClassLoader(),
                    "minewatch.collector.web.pages");
    private static final Page PAGE =
            new Page(
                    new Messages(Language.ZH_CN),
                    new StaticFiles(),
                    "/projects/1",
                    QueryParams.of(),
                    "0.0",
                    Instant.EPOCH);

    @FuzzTest(maxDuration = "10s")
    void anyHitIsDrawn(byte[] bytes) {
        Hit hit;
        try {
            hit = Hit.parseFrom(bytes);
        } catch (InvalidProtocolBufferException notAHit) {
            return;
        }
        String drawn = draw(hit);
        assertThat(drawn).contains("<article").doesNotContain("<script", "<b>", "\u0000");
    }

    private static String draw(Hit hit) {
        var output = new StringOutput();
        TEMPLATES.render(
                "hit.jte",
                Map.of(
                        "page",
                        PAGE,
                        "hit",
                        new HitView(new StoredHit(1, hit, null, null), PAGE, Map.of())),
                output);
        return output.toString();
    }
}
