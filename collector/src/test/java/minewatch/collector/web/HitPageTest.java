package minewatch.collector.web;

import static org.assertj.core.api.Assertions.assertThat;

import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Shares;
import minewatch.feed.v1.Visibility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HitPageTest {
    private static final Hit SAMPLE = SampleHits.ethash("10.77.0.2", SampleHits.START);

    @Test
    void minersBehindTheAddressAreTold() {
        assertThat(words(SAMPLE, Language.EN)).contains("Connections 3 Miners at least 12 ");
        assertThat(words(SAMPLE, Language.ZH_CN)).contains("连接数 3 挖矿设备 至少 12 台 ");
    }

    @Test
    void whatTheMinersReportStandsBesideTheEstimate() {
        assertThat(words(SAMPLE, Language.EN))
                .contains(
                        "ethash 510 MH/s (360–704) from 33 shares in 10 min"
                                + " reported by the miners themselves: 980 MH/s above the upper bound ");
        assertThat(words(SAMPLE, Language.ZH_CN))
                .contains(
                        "ethash 510 MH/s (360–704) 依据 10 min 内的 33 个份额" + " 矿机自报：980 MH/s 高于估算上限 ");
    }

    @ParameterizedTest
    @CsvSource({
        "9.8e8, 980 MH/s above the upper bound Power",
        "704e6, 704 MH/s Power",
        "360e6, 360 MH/s Power",
        "1000, 1.00 kH/s below the lower bound Power",
    })
    void theReportIsHeldAgainstTheBounds(double stated, String shown) {
        Hashrate rate =
                SAMPLE.getHashrateOrThrow("ethash").toBuilder().setSelfReported(stated).build();
        assertThat(words(SAMPLE.toBuilder().putHashrate("ethash", rate).build(), Language.EN))
                .contains("themselves: " + shown);
    }

    /// A claim is exact only in the mouth of who makes it.
    @Test
    void aReportAloneHasNeitherBoundsNorBar() {
        Hit hit = SampleHits.claim("10.77.0.2", SampleHits.START, 9.8e8);
        assertThat(HitPages.draw(hit, HitPages.page(Language.EN))).doesNotContain("<svg");
        assertThat(words(hit, Language.EN))
                .contains(
                        "ethash 980 MH/s reported by the miners themselves, over 10 min;"
                                + " not estimable: no shares were seen in clear Power");
        assertThat(words(hit, Language.ZH_CN)).contains("ethash 980 MH/s 矿机自报，时长 10 min；无法估算");
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, one direction only, Only the traffic of the side that opened the connection",
        "false, true, one direction only, Only the traffic of the side that answered",
    })
    void oneHalfOfTheDialogueIsSaidBesideTheVerdict(
            boolean originator, boolean responder, String flag, String sentence) {
        Hit hit = with(Visibility.newBuilder().setOriginator(originator).setResponder(responder));
        assertThat(words(hit, Language.EN))
                .startsWith(" Miner 10.77.0.2 " + flag)
                .contains(sentence + " was seen, from the middle");
        assertThat(words(hit, Language.ZH_CN)).startsWith(" 证实挖矿 10.77.0.2 仅见单向流量");
    }

    @Test
    void bothHalvesAreNoWarning() {
        Hit hit =
                with(
                        Visibility.newBuilder()
                                .setOriginator(true)
                                .setResponder(true)
                                .setHandshake(true));
        assertThat(words(hit, Language.EN))
                .contains("Both directions of the traffic were seen, from the start")
                .doesNotContain("one direction only");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void whatWasNotSaidIsNotShown(Language language) {
        Hashrate rate = SAMPLE.getHashrateOrThrow("ethash").toBuilder().clearSelfReported().build();
        Hit hit =
                SAMPLE.toBuilder()
                        .clearMiners()
                        .clearVisibility()
                        .putHashrate("ethash", rate)
                        .build();
        var page = HitPages.page(language);
        assertThat(words(SAMPLE, language))
                .contains(page.text("miners.least", 12), page.text("hit.visibility"))
                .contains(page.text("hit.hashrate.claim", ""), page.text("visibility.half"));
        assertThat(words(hit, language))
                .doesNotContain(page.text("miners"), page.text("hit.visibility"))
                .doesNotContain(page.text("hit.hashrate.claim", ""), page.text("visibility.half"));
    }

    /// Of one half of a dialogue only what it tells is known: no replies seen are not no replies.
    @Test
    void sharesThatWereNotSeenAreNotZero() {
        Hit hit = SAMPLE.toBuilder().setShares(Shares.newBuilder().setSubmitted(33)).build();
        assertThat(words(hit, Language.EN)).contains("Shares 33 submitted Visibility");
        Hit none = SAMPLE.toBuilder().setShares(Shares.getDefaultInstance()).build();
        assertThat(words(none, Language.EN)).contains("Shares not seen Visibility");
    }

    @Test
    void foreignTextOfARateIsNeverMarkup() {
        Hashrate rate =
                SAMPLE.getHashrateOrThrow("ethash").toBuilder()
                        .setUnit("<b>H/s\u202E")
                        .setBasis("<b>")
                        .build();
        Hit hit = SAMPLE.toBuilder().clearHashrate().putHashrate("<b>x", rate).build();
        assertThat(HitPages.draw(hit, HitPages.page(Language.EN)))
                .contains("980 M&lt;b&gt;H/s\\u202e", "&lt;b&gt;x")
                .doesNotContain("<b>", "\u202E");
    }

    private static Hit with(Visibility.Builder visibility) {
        return SAMPLE.toBuilder().setVisibility(visibility).build();
    }

    private static String words(Hit hit, Language language) {
        return HitPages.words(HitPages.draw(hit, HitPages.page(language)));
    }
}
