package minewatch.signatures.compile;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minewatch.signatures.Dialect;
import minewatch.signatures.Field;
import minewatch.signatures.Matcher;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.Template;
import minewatch.signatures.endpoint.Endpoints;
import minewatch.signatures.language.Shape;
import minewatch.signatures.language.SignatureFile;

/// Compiled signature files.
public final class CompiledPack implements SignaturePack {
    private final List<Dialect> dialects;
    private final List<Template> templates;
    private final Compiled[] compiled;
    private final List<Compiled> replies;
    private final Dispatch[] dispatches;
    private final Endpoints endpoints;

    private CompiledPack(
            List<Dialect> dialects,
            List<Compiled> compiled,
            List<Compiled> replies,
            Map<String, List<Dispatch.Entry>> dispatches,
            Endpoints endpoints) {
        this.endpoints = endpoints;
        this.dialects = List.copyOf(dialects);
        this.templates = compiled.stream().map(Compiled::template).toList();
        this.compiled = compiled.toArray(Compiled[]::new);
        this.replies = List.copyOf(replies);
        this.dispatches =
                dispatches.entrySet().stream()
                        .map(e -> Dispatch.of(e.getKey(), e.getValue()))
                        .toArray(Dispatch[]::new);
    }

    /// The pack of these files, whose ids differ, without endpoints.
    public static CompiledPack of(List<SignatureFile> files) {
        return of(files, Endpoints.EMPTY);
    }

    /// The pack of these files, whose ids differ, and these endpoints.
    public static CompiledPack of(List<SignatureFile> files, Endpoints endpoints) {
        List<Dialect> dialects = new ArrayList<>();
        List<Compiled> compiled = new ArrayList<>();
        List<Compiled> replies = new ArrayList<>();
        Map<String, List<Dispatch.Entry>> dispatches = new LinkedHashMap<>();
        for (SignatureFile file : files) {
            int first = compiled.size();
            file.dispatch().forEach(key -> dispatches.putIfAbsent(key, new ArrayList<>()));
            Map<String, Integer> indexes = new HashMap<>();
            file.messages().forEach(m -> indexes.put(m.name(), first + indexes.size()));
            for (SignatureFile.Message message : file.messages()) {
                Compiled one = compile(file, message, dialects.size(), indexes, compiled.size());
                compiled.add(one);
                file(file, message, one, dispatches, replies);
            }
            dialects.add(dialect(file, compiled.subList(first, compiled.size())));
        }
        return new CompiledPack(dialects, compiled, replies, dispatches, endpoints);
    }

    private static Compiled compile(
            SignatureFile file,
            SignatureFile.Message message,
            int dialect,
            Map<String, Integer> indexes,
            int index) {
        Set<Integer> answers = new HashSet<>();
        BitSet answerBits = new BitSet();
        for (String name : message.answers()) {
            Integer answer = indexes.getOrDefault(name, index);
            answers.add(answer);
            answerBits.set(answer);
        }
        Map<Field, FieldPath[]> fields = FieldPath.of(message.shape());
        Template template =
                new Template(
                        file.id() + "." + message.name(),
                        index,
                        dialect,
                        message.from(),
                        message.act(),
                        message.weight(),
                        message.group(),
                        message.needsRequest(),
                        Set.copyOf(answers),
                        message.algorithm(),
                        Set.copyOf(fields.keySet()));
        return new Compiled(template, Check.of(message.shape()), answerBits, fields);
    }

    /// Enters a message under each string its dispatch key may have, or among the replies.
    private static void file(
            SignatureFile file,
            SignatureFile.Message message,
            Compiled compiled,
            Map<String, List<Dispatch.Entry>> dispatches,
            List<Compiled> replies) {
        if (message.shape() instanceof Shape.Members members) {
            for (Shape.Member member : members.members()) {
                List<Dispatch.Entry> entries = dispatches.get(member.key());
                List<String> names = literals(member.shape());
                if (file.dispatch().contains(member.key()) && entries != null && !names.isEmpty()) {
                    names.forEach(name -> entries.add(new Dispatch.Entry(name, compiled)));
                    return;
                }
            }
        }
        replies.add(compiled);
    }

    private static List<String> literals(Shape shape) {
        return switch (shape) {
            case Shape.Literal(String value) -> List.of(value);
            case Shape.OneOf(List<Shape> alternatives)
                    when alternatives.stream().allMatch(Shape.Literal.class::isInstance) ->
                    alternatives.stream().flatMap(a -> literals(a).stream()).distinct().toList();
            default -> List.of();
        };
    }

    private static Dialect dialect(SignatureFile file, List<Compiled> compiled) {
        return new Dialect(
                file.id(),
                file.protocol(),
                file.revision(),
                file.title(),
                file.claim(),
                file.framing(),
                file.algorithm(),
                file.work(),
                compiled.stream().map(Compiled::template).toList());
    }

    @Override
    public List<Dialect> dialects() {
        return dialects;
    }

    @Override
    public List<Template> templates() {
        return templates;
    }

    @Override
    public Endpoints endpoints() {
        return endpoints;
    }

    @Override
    public Matcher newMatcher() {
        return new CompiledMatcher(this);
    }

    Compiled compiled(int template) {
        return compiled[template];
    }

    /// Templates of messages without a dispatch key.
    List<Compiled> replies() {
        return replies;
    }

    Dispatch[] dispatches() {
        return dispatches;
    }
}
