package minewatch.sensor.inspect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The head of an HTTP/1 request or response (RFC 9112 §2): its first line and the few fields that
/// matter here.
///
/// @param method of a request; empty for a response
/// @param target of a request; empty for a response
/// @param status of a response; 0 for a request
/// @param fields by name in lower case; of one that repeats the first
record HttpHead(String method, String target, int status, Map<String, String> fields) {
    private static final int MAX_PARTS = 8; // of a path, of a query
    private static final String BASIC = "basic ";

    /// Rendered as they are.
    private static final List<String> RENDERED =
            List.of(
                    "host",
                    "user-agent",
                    "server",
                    "content-type",
                    "x-mining-extensions",
                    "x-mining-hashrate",
                    "x-minimum-wait",
                    "x-stratum",
                    "x-long-polling",
                    "x-roll-ntime",
                    "x-reject-reason");

    private static final Set<String> OTHERS =
            Set.of(
                    "authorization",
                    "content-encoding",
                    "content-length",
                    "sec-websocket-accept",
                    "sec-websocket-key",
                    "transfer-encoding");

    /// The head in `data[start, end)`, without the empty line; null if it is none.
    static @Nullable HttpHead of(byte[] data, int start, int end) {
        String[] lines =
                new String(data, start, end - start, StandardCharsets.ISO_8859_1).split("\r\n", -1);
        String[] first = lines[0].split(" ", 3);
        if (first.length == 3 && first[2].startsWith("HTTP/1.")) {
            return new HttpHead(first[0], first[1], 0, fields(lines));
        }
        if (first.length > 1 && first[0].startsWith("HTTP/1.") && first[1].matches("[1-9]\\d\\d")) {
            return new HttpHead("", "", Integer.parseInt(first[1]), fields(lines));
        }
        return null;
    }

    boolean isRequest() {
        return status == 0;
    }

    /// Whether the message has no body whatever its fields say (RFC 9112 §6.3).
    boolean isBodiless() {
        return status / 100 == 1 || status == 204 || status == 304 || isConnect();
    }

    boolean isConnect() {
        return method.equals("CONNECT");
    }

    /// A head that asks for, or grants, a WebSocket (RFC 6455 §4.1, §4.2.2).
    boolean isUpgrade() {
        return isRequest()
                ? fields.containsKey("sec-websocket-key")
                : status == 101 && fields.containsKey("sec-websocket-accept");
    }

    boolean isChunked() {
        return field("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked");
    }

    /// Length of the body, octets; −1 if it is not stated or nonsense.
    long contentLength() {
        String length = field("content-length");
        return length.matches("\\d{1,18}") ? Long.parseLong(length) : -1;
    }

    String contentCoding() {
        return field("content-encoding").toLowerCase(Locale.ROOT);
    }

    /// Where a `CONNECT` wants to go (RFC 9110 §9.3.6); null if that is no host and port.
    @Nullable Tunnel tunnel() {
        int colon = target.lastIndexOf(':');
        if (!isConnect() || colon < 0 || !target.substring(colon + 1).matches("\\d{1,5}")) {
            return null;
        }
        Tunnel.Host host = Tunnel.Host.of(target.substring(0, colon));
        int port = Integer.parseInt(target.substring(colon + 1));
        return host == null || port == 0 || port > 0xFFFF
                ? null
                : new Tunnel(host.name(), host.address(), port, "http-connect");
    }

    Rendering rendering() {
        Rendering text = new Rendering("http", isRequest() ? method : "response");
        if (isRequest()) {
            text.text("target", target);
            renderTarget(text);
            renderUser(text);
        } else {
            text.number("status", status);
        }
        for (String name : RENDERED) {
            String value = fields.get(name);
            if (value != null) {
                text.text(name, value);
            }
        }
        return text;
    }

    private String field(String name) {
        return fields.getOrDefault(name, "");
    }

    private void renderTarget(Rendering text) {
        int mark = target.indexOf('?');
        List<String> path = new ArrayList<>();
        for (String part : (mark < 0 ? target : target.substring(0, mark)).split("/", -1)) {
            if (!part.isEmpty() && path.size() < MAX_PARTS) {
                path.add(part);
            }
        }
        text.texts("path", path);
        if (mark >= 0) {
            Map<String, String> query = new LinkedHashMap<>();
            for (String pair : target.substring(mark + 1).split("&", MAX_PARTS + 1)) {
                int equals = pair.indexOf('=');
                if (equals > 0 && query.size() < MAX_PARTS) {
                    query.putIfAbsent(pair.substring(0, equals), pair.substring(equals + 1));
                }
            }
            text.texts("query", query);
        }
    }

    /// The name of Basic authentication (RFC 7617), never the password.
    private void renderUser(Rendering text) {
        String authorization = field("authorization");
        if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return;
        }
        try {
            byte[] pair =
                    Base64.getDecoder().decode(authorization.substring(BASIC.length()).trim());
            String decoded = new String(pair, StandardCharsets.ISO_8859_1);
            int colon = decoded.indexOf(':');
            if (colon > 0) {
                text.text("user", decoded.substring(0, colon));
            }
        } catch (IllegalArgumentException e) { // not Base64: no name to be had
            text.text("user", "");
        }
    }

    private static Map<String, String> fields(String[] lines) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
                if (RENDERED.contains(name) || OTHERS.contains(name)) {
                    fields.putIfAbsent(name, lines[i].substring(colon + 1).trim());
                }
            }
        }
        return fields;
    }
}
