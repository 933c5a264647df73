package minewatch.signatures.compile;

import java.util.EnumMap;
import java.util.Map;
import minewatch.signatures.Field;
import minewatch.signatures.Matcher;
import minewatch.signatures.Side;
import minewatch.signatures.Template;
import minewatch.signatures.lexer.JsonKey;
import minewatch.signatures.lexer.JsonTape;
import minewatch.signatures.lexer.JsonTape.Kind;
import minewatch.signatures.lexer.Numbers;
import org.jspecify.annotations.Nullable;

/// The matcher of a [CompiledPack].
final class CompiledMatcher implements Matcher {
    private static final JsonKey METHOD = JsonKey.of("method");
    private static final JsonKey ID = JsonKey.of("id");
    private static final JsonKey ERROR = JsonKey.of("error");
    private static final FieldPath[] NOWHERE = {};

    private final CompiledPack pack;
    private final long dispatchKeys;
    private final Candidates unpairedReplies;
    private final @Nullable Candidates[] repliesTo; // by the index of the request; made when needed
    private final JsonTape tape = new JsonTape();
    private final Map<Field, String> latest = new EnumMap<>(Field.class);
    private final Glance glance = new Glance();
    private boolean object;
    private boolean request;

    CompiledMatcher(CompiledPack pack) {
        this.pack = pack;
        long keys = 0;
        for (Dispatch dispatch : pack.dispatches()) {
            keys |= dispatch.key.bit();
        }
        dispatchKeys = keys;
        unpairedReplies = candidates(null);
        repliesTo = new Candidates[pack.templates().size()];
    }

    @Override
    public Parse parse(byte[] buffer, int start, int end) {
        JsonTape.Result result = tape.parse(buffer, start, end);
        begin(result == JsonTape.Result.OBJECT);
        return switch (result) {
            case OBJECT -> Parse.OBJECT;
            case ARRAY, SCALAR -> Parse.OTHER;
            case INCOMPLETE, MALFORMED, OUT_OF_BOUNDS -> Parse.INVALID;
        };
    }

    @Override
    public int parseFirst(byte[] buffer, int start, int end) {
        int next = tape.parseFirst(buffer, start, end);
        begin(next >= 0 && tape.is(0, Kind.OBJECT));
        return next;
    }

    private void begin(boolean isObject) {
        object = isObject;
        request = isObject && findRequest();
        if (isObject) {
            glance.at(tape);
        }
    }

    @Override
    public boolean isObject() {
        return object;
    }

    @Override
    public boolean isRequest() {
        return request;
    }

    private boolean findRequest() {
        if (isString(tape.find(0, METHOD))) {
            return true;
        }
        if ((tape.rootKeys() & dispatchKeys) == 0
                || tape.find(0, Glance.RESULT) >= 0
                || tape.find(0, ERROR) >= 0) {
            return false;
        }
        for (Dispatch dispatch : pack.dispatches()) {
            if (isString(tape.find(0, dispatch.key))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public long idHash() {
        int id = object ? tape.find(0, ID) : -1;
        return id < 0 || tape.is(id, Kind.NULL) ? 0 : tape.hash(id);
    }

    @Override
    public void match(@Nullable Side from, @Nullable Template request, Sink sink) {
        if (!object) {
            return;
        }
        if ((tape.rootKeys() & dispatchKeys) != 0) {
            for (Dispatch dispatch : pack.dispatches()) {
                int name = tape.find(0, dispatch.key);
                if (isString(name)) {
                    match(dispatch.candidates(tape.hash(name)), from, request, sink);
                }
            }
        }
        if (!this.request) {
            match(replies(request), from, request, sink);
        }
    }

    private Candidates replies(@Nullable Template request) {
        if (request == null) {
            return unpairedReplies;
        }
        Candidates known = repliesTo[request.index()];
        if (known == null) {
            known = candidates(request);
            repliesTo[request.index()] = known;
        }
        return known;
    }

    private Candidates candidates(@Nullable Template request) {
        return new Candidates(
                pack.replies().stream().filter(reply -> mayAnswer(reply, request)).toList());
    }

    private void match(
            Candidates candidates, @Nullable Side from, @Nullable Template request, Sink sink) {
        glance.from(from);
        for (int i = candidates.next(0, glance); i >= 0; i = candidates.next(i + 1, glance)) {
            Compiled candidate = candidates.get(i);
            Template template = candidate.template();
            if (mayAnswer(candidate, request)
                    && sink.wants(template)
                    && candidate.check().fits(tape, 0)) {
                sink.onMatch(template);
            }
        }
    }

    /// A template that needs its request wants one it answers. One that is distinctive alone is
    /// content without, but where its own dialect says what is being answered, it must be that.
    private static boolean mayAnswer(Compiled candidate, @Nullable Template request) {
        Template template = candidate.template();
        if (request == null || candidate.answers().isEmpty()) {
            return !template.needsRequest();
        }
        return candidate.answers().get(request.index())
                || (!template.needsRequest() && template.dialect() != request.dialect());
    }

    /// Dialects that share a message tell the same names of it: they share the string as well.
    @Override
    public @Nullable String text(Template template, Field field) {
        String made = joined(template, field);
        if (made == null) {
            return null;
        }
        String before = latest.get(field);
        if (made.equals(before)) {
            return before;
        }
        latest.put(field, made);
        return made;
    }

    /// The strings of a field that is in several places, with `/` between them; nearly all are in
    /// one.
    private @Nullable String joined(Template template, Field field) {
        String joined = null;
        for (FieldPath path : paths(template, field)) {
            int node = path.resolve(tape);
            if (node >= 0) {
                String part = tape.string(node);
                joined = joined == null ? part : joined + "/" + part;
            }
        }
        return joined == null || joined.isEmpty() ? null : joined;
    }

    /// Of several places the first.
    @Override
    public byte @Nullable [] bytes(Template template, Field field) {
        for (FieldPath path : paths(template, field)) {
            int node = path.resolve(tape);
            if (node >= 0) {
                return bytes(tape.is(node, Kind.ARRAY) ? node + 1 : node, tape.after(node));
            }
        }
        return null;
    }

    /// What the strings from one node to before another write in hexadecimal.
    private byte @Nullable [] bytes(int first, int end) {
        int digits = 0;
        for (int node = first; node < end; node = tape.after(node)) {
            digits += tape.size(node);
        }
        byte[] bytes = new byte[digits / 2];
        int length = 0;
        for (int node = first; node < end; node = tape.after(node)) {
            if (!isString(node) || tape.isEscaped(node)) {
                return null;
            }
            tape.view(node);
            length = Numbers.bytes(tape.viewed(), tape.viewFrom(), tape.viewTo(), bytes, length);
            if (length < 0) {
                return null;
            }
        }
        return bytes;
    }

    @Override
    public double number(Template template, Field field) {
        for (FieldPath path : paths(template, field)) {
            int node = path.resolve(tape);
            if (node >= 0) {
                return number(node, path.isHexadecimal());
            }
        }
        return Double.NaN;
    }

    private double number(int node, boolean hexadecimal) {
        return switch (tape.kind(node)) {
            case TRUE -> 1;
            case FALSE -> 0;
            case NUMBER, STRING -> {
                tape.view(node);
                byte[] text = tape.viewed();
                yield hexadecimal || Numbers.hasHexPrefix(text, tape.viewFrom(), tape.viewTo())
                        ? Numbers.hexadecimal(text, tape.viewFrom(), tape.viewTo())
                        : Numbers.decimal(text, tape.viewFrom(), tape.viewTo());
            }
            case OBJECT, ARRAY, KEY, NULL -> Double.NaN;
        };
    }

    @Override
    public long hash(Template template, Field field) {
        long hash = 0;
        for (FieldPath path : paths(template, field)) {
            int node = path.resolve(tape);
            if (node >= 0) {
                hash = hash * 31 + tape.hash(node);
            }
        }
        return hash;
    }

    private FieldPath[] paths(Template template, Field field) {
        FieldPath[] paths = pack.compiled(template.index()).fields().get(field);
        return !object || paths == null ? NOWHERE : paths;
    }

    private boolean isString(int node) {
        return node >= 0 && tape.is(node, Kind.STRING);
    }
}
