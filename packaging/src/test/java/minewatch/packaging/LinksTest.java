package minewatch.packaging;

import static minewatch.packaging.Shell.projectRoot;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The documentation's links lead somewhere.
class LinksTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)(#[^)\\s]*)?\\)");

    @Test
    void everyRelativeLinkOfTheDocumentationLeadsToAFile() throws IOException {
        var broken = new ArrayList<String>();
        for (var page : pages()) {
            var links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                var target = links.group(1);
                if (!target.contains("://") && !Files.exists(page.resolveSibling(target))) {
                    broken.add(projectRoot().relativize(page) + ": " + target);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static List<Path> pages() throws IOException {
        var pages = new ArrayList<Path>();
        for (var folder : List.of("", "docs", "cases")) {
            var start = projectRoot().resolve(folder);
            if (Files.isDirectory(start)) {
                try (var found = Files.walk(start, folder.isEmpty() ? 1 : 9)) {
                    found.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
                }
            }
        }
        assertThat(pages).hasSizeGreaterThan(10);
        return pages;
    }
}
