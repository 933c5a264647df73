package minewatch.collector.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import minewatch.feed.v1.Hit;

/// Whatever a stored hit holds, it is drawn, and never becomes markup.
class HitPageFuzzTest {
    private static final Page PAGE = HitPages.page(Language.ZH_CN);

    @FuzzTest(maxDuration = "10s")
    void anyHitIsDrawn(byte[] bytes) {
        Hit hit;
        try {
            hit = Hit.parseFrom(bytes);
        } catch (InvalidProtocolBufferException notAHit) {
            return;
        }
        String drawn = HitPages.draw(hit, PAGE);
        assertThat(drawn).contains("<article").doesNotContain("<script", "<b>", "\u0000");
    }
}
