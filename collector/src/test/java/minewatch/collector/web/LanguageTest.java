package minewatch.collector.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageTest {
    @ParameterizedTest
    @CsvSource({
        "'zh-CN,zh;q=0.9,en;q=0.8', ZH_CN",
        "zh, ZH_CN",
        "zh-TW, ZH_CN",
        "'en-GB,en;q=0.9,zh;q=0.8', EN",
        "'en;q=0.5,zh;q=0.7', ZH_CN",
        "'fr,zh;q=0.2', ZH_CN",
        "'fr,de', EN",
        "'zh;q=0', EN",
        "'zh-', EN",
        "';;;q=', EN",
        "*, EN",
    })
    void theBrowserIsAskedFirst(String acceptLanguage, Language expected) {
        assertThat(Language.of(null, headers(acceptLanguage, null))).isEqualTo(expected);
    }

    @Test
    void theCookieOverrulesTheBrowser() {
        assertThat(Language.of(null, headers("en", "minewatch-lang=zh-CN")))
                .isEqualTo(Language.ZH_CN);
    }

    @Test
    void theAddressOverrulesTheCookie() {
        assertThat(Language.of("en", headers("zh", "minewatch-lang=zh-CN"))).isEqualTo(Language.EN);
    }

    @Test
    void anUnknownLanguageIsAsIfNoneWereAskedFor() {
        assertThat(Language.of("xx", headers("zh", "minewatch-lang=tlh")))
                .isEqualTo(Language.ZH_CN);
    }

    private static RequestHeaders headers(String acceptLanguage, @Nullable String cookie) {
        RequestHeadersBuilder headers =
                RequestHeaders.builder(HttpMethod.GET, "/").set("accept-language", acceptLanguage);
        if (cookie != null) {
            headers.set("cookie", cookie);
        }
        return headers.build();
    }
}
