package minewatch.collector.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Style sheet, scripts and icon, held in memory. Each is served under the hash of its content, so
/// that browsers may keep it for ever and a new version is a new address.
final class StaticFiles {
    private static final Map<String, MediaType> NAMES =
            Map.of(
                    "console.css", MediaType.CSS_UTF_8,
                    "icon.svg", MediaType.SVG_UTF_8,
                    "htmx-2.0.8.min.js", MediaType.JAVASCRIPT_UTF_8,
                    "htmx-ext-sse-2.2.4.min.js", MediaType.JAVASCRIPT_UTF_8,
                    "htmx-2.0.8.LICENSE", MediaType.PLAIN_TEXT_UTF_8,
                    "htmx-ext-sse-2.2.4.LICENSE", MediaType.PLAIN_TEXT_UTF_8);
    private static final int HASH_BYTES = 8;

    private record File(String hash, MediaType type, HttpData content) {}

    private final Map<String, File> files = new HashMap<>();

    StaticFiles() {
        NAMES.forEach((name, type) -> files.put(name, load(name, type)));
    }

    private static File load(String name, MediaType type) {
        byte[] content = resource("static/" + name);
        return new File(hash(content), type, HttpData.wrap(content));
    }

    static byte[] resource(String name) {
        try (var stream = StaticFiles.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException(name + ": missing from the jar");
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The address of a file. Throws where there is none of that name.
    String address(String name) {
        File file = files.get(name);
        if (file == null) {
            throw new IllegalArgumentException(
                    "static file: " + name + " (expected: one of " + NAMES.keySet() + ")");
        }
        return "/static/" + file.hash() + "/" + name;
    }

    /// @return null where no file has that name and hash
    @Nullable HttpResponse serve(String hash, String name) {
        File file = files.get(name);
        if (file == null || !file.hash().equals(hash)) {
            return null;
        }
        var headers =
                ResponseHeaders.builder(HttpStatus.OK)
                        .contentType(file.type())
                        .set("cache-control", "public, max-age=31536000, immutable")
                        .build();
        return HttpResponse.of(headers, file.content());
    }
}
