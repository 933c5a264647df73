package minewatch.collector.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private static final Path MODULE =
            Path.of(System.getProperty("minewatch.root", "..")).resolve("collector");
    private static final Path TEMPLATES = MODULE.resolve("src/main/jte");
    private static final Path CODE = MODULE.resolve("src/main/java/minewatch/collector/web");

    /// What a template may say without asking for words: code, tags, and punctuation.
    private static final Pattern STATEMENTS =
            Pattern.compile("(?m)^@(?:import|param)\\b.*$|!\\{[^\\n]*\\}$|<!DOCTYPE html>");

    private static final Pattern LETTERS = Pattern.compile("\\p{L}{2,}");

    /// Attributes whose value people see or hear.
    private static final Pattern SPOKEN =
            Pattern.compile(
                    "\\b(?:title|aria-label|placeholder|alt|data-label|label)=\"([^\"$]*\\p{L}[^\"]*)\"");

    private final Properties english = words("messages.properties");
    private final Properties chinese = words("messages_zh_CN.properties");

    @Test
    void bothLanguagesHaveTheSameKeys() {
        assertThat(chinese.stringPropertyNames())
                .containsExactlyInAnyOrderElementsOf(english.stringPropertyNames());
    }

    @Test
    void noWordsAreMissing() {
        assertThat(english.values()).noneMatch(text -> text.toString().isBlank());
        assertThat(chinese.values()).noneMatch(text -> text.toString().isBlank());
    }

    @Test
    void bothLanguagesTakeTheSameArguments() {
        for (String key : english.stringPropertyNames()) {
            assertThat(new MessageFormat(chinese.getProperty(key)).getFormatsByArgumentIndex())
                    .as(key)
                    .hasSameSizeAs(
                            new MessageFormat(english.getProperty(key))
                                    .getFormatsByArgumentIndex());
        }
    }

    @Test
    void noTextHasAnApostropheThatMessageFormatSwallows() {
        assertThat(english.values()).noneMatch(text -> text.toString().contains("'"));
        assertThat(chinese.values()).noneMatch(text -> text.toString().contains("'"));
    }

    @Test
    void chineseIsChinese() {
        var spared =
                List.of(
                        "app.name",
                        "language.en",
                        "none",
                        "flows.community",
                        "hit.attribution.row");
        for (String key : chinese.stringPropertyNames()) {
            if (!spared.contains(key) && LETTERS.matcher(chinese.getProperty(key)).find()) {
                assertThat(chinese.getProperty(key)).as(key).containsPattern("\\p{IsHan}");
            }
        }
    }

    @Test
    void everyKeyIsUsed() {
        String all =
                String.join("\n", contents(TEMPLATES, ".jte"))
                        + String.join("\n", contents(CODE, ".java"));
        var unused = new TreeSet<String>();
        for (String key : english.stringPropertyNames()) {
            String family = key.substring(0, key.lastIndexOf('.') + 1);
            boolean used =
                    all.contains("\"" + key + "\"")
                            || all.contains("\"" + family + "\" +")
                            || (key.startsWith("verdict.") && all.contains("\"verdict.\" +"));
            if (!used) {
                unused.add(key);
            }
        }
        assertThat(unused).isEmpty();
    }

    @Test
    void everyKindOfProblemHasATitle() {
        for (Problem.Kind kind : Problem.Kind.values()) {
            assertThat(english).containsKey("problem." + kind.slug());
        }
    }

    @Test
    void noTemplateHasWordsOfItsOwn() {
        for (String template : contents(TEMPLATES, ".jte")) {
            assertThat(wordsOf(template)).as(template).isEmpty();
        }
    }

    @Test
    void wordsInATemplateWouldBeFound() {
        assertThat(wordsOf("<p>Hello ${name}</p>")).isNotEmpty();
        assertThat(wordsOf("<p title=\"Hello\">${name}</p>")).isNotEmpty();
        assertThat(wordsOf("<p title=\"${a(\"x\" + b())}\">${name}@if(c() == d())—@endif</p>"))
                .isEmpty();
    }

    private static List<String> wordsOf(String template) {
        var found = new ArrayList<String>();
        SPOKEN.matcher(template).results().map(m -> m.group(1)).forEach(found::add);
        String text = withoutExpressions(STATEMENTS.matcher(template).replaceAll(""));
        text = text.replaceAll("(?s)<[^>]*>", " ");
        LETTERS.matcher(text).results().map(m -> m.group()).forEach(found::add);
        return found;
    }

    /// Removes `${…}`, `@name(…)` and `@name`, with brackets counted and strings skipped.
    private static String withoutExpressions(String template) {
        var rest = new StringBuilder();
        for (int i = 0; i < template.length(); i++) {
            if (template.startsWith("${", i)) {
                i = end(template, i + 1, '{', '}');
            } else if (template.startsWith("= @`", i)) {
                i += 3; // the content block of a template call is template text itself
            } else if (template.startsWith("@template.layout(", i)) {
                i = template.indexOf("@`", i) - 3;
            } else if (template.charAt(i) == '@') {
                while (i + 1 < template.length()
                        && (Character.isLetter(template.charAt(i + 1))
                                || template.charAt(i + 1) == '.')) {
                    i++;
                }
                if (i + 1 < template.length() && template.charAt(i + 1) == '(') {
                    i = end(template, i + 1, '(', ')');
                }
            } else {
                rest.append(template.charAt(i));
            }
        }
        return rest.toString();
    }

    private static int end(String text, int start, char open, char close) {
        int depth = 0;
        boolean quoted = false;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == open) {
                depth++;
            } else if (!quoted && c == close && --depth == 0) {
                return i;
            }
        }
        throw new AssertionError("no " + close + " after " + text.substring(start));
    }

    private static List<String> contents(Path folder, String ending) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .map(MessagesTest::content)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Properties words(String name) {
        var words = new Properties();
        try {
            words.load(
                    new StringReader(
                            new String(StaticFiles.resource(name), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return words;
    }
}
