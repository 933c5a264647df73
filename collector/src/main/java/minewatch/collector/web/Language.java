package minewatch.collector.web;

import com.linecorp.armeria.common.Cookie;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A language of the console, with the time zone its readers live by.
public enum Language {
    ZH_CN("zh-CN", "zh", Locale.SIMPLIFIED_CHINESE, ZoneId.of("Asia/Shanghai")),
    EN("en", "en", Locale.ENGLISH, ZoneId.of("UTC"));

    static final String PARAMETER = "lang";
    static final String COOKIE = "minewatch-lang";

    private final String tag;
    private final String primary;
    private final Locale locale;
    private final ZoneId zone;

    Language(String tag, String primary, Locale locale, ZoneId zone) {
        this.tag = tag;
        this.primary = primary;
        this.locale = locale;
        this.zone = zone;
    }

    /// BCP 47, as in the `lang` attribute.
    public String tag() {
        return tag;
    }

    Locale locale() {
        return locale;
    }

    ZoneId zone() {
        return zone;
    }

    /// `zh`, `zh-CN`, `zh_TW`, `en-GB` … by their primary subtag (RFC 5646 §2.2.1); empty for
    /// others.
    static Optional<Language> named(@Nullable String tag) {
        if (tag == null) {
            return Optional.empty();
        }
        String wanted = tag.toLowerCase(Locale.ROOT);
        for (Language language : values()) {
            if (wanted.equals(language.primary)
                    || wanted.startsWith(language.primary + "-")
                    || wanted.startsWith(language.primary + "_")) {
                return Optional.of(language);
            }
        }
        return Optional.empty();
    }

    /// The language asked for: by parameter, else cookie, else `Accept-Language`, else English.
    static Language of(@Nullable String parameter, RequestHeaders headers) {
        return named(parameter)
                .or(() -> byCookie(headers))
                .or(() -> byAcceptLanguage(headers.get(HttpHeaderNames.ACCEPT_LANGUAGE)))
                .orElse(EN);
    }

    private static Optional<Language> byCookie(RequestHeaders headers) {
        return headers.cookies().stream()
                .filter(cookie -> cookie.name().equals(COOKIE))
                .map(Cookie::value)
                .findFirst()
                .flatMap(Language::named);
    }

    private static Optional<Language> byAcceptLanguage(@Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        try {
            return Locale.LanguageRange.parse(header).stream()
                    .filter(range -> range.getWeight() > 0)
                    .flatMap(range -> named(range.getRange()).stream())
                    .findFirst();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
