package minewatch.signatures;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A matcher driven by strings.
public final class Messages {
    public final SignaturePack pack;
    public final Matcher matcher;

    public Messages(SignaturePack pack) {
        this.pack = pack;
        matcher = pack.newMatcher();
    }

    public Template template(String id) {
        return pack.templates().stream().filter(t -> t.id().equals(id)).findFirst().orElseThrow();
    }

    /// Ids of the templates a message fits, from either side.
    public List<String> match(String text) {
        return match(text, null);
    }

    /// @param request id of the template the message answers
    public List<String> match(String text, @Nullable String request) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<String> found = new ArrayList<>();
        if (matcher.parse(bytes, 0, bytes.length) == Matcher.Parse.OBJECT) {
            Template answered = request == null ? null : template(request);
            matcher.match(null, answered, t -> found.add(t.id()));
        }
        return found;
    }
}
