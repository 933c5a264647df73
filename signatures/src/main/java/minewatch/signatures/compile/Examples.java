package minewatch.signatures.compile;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import minewatch.signatures.Matcher;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.Template;
import minewatch.signatures.language.Problem;
import minewatch.signatures.language.SignatureFile;
import org.jspecify.annotations.Nullable;

/// Holds a signature file to its own examples. Cold.
public final class Examples {
    private final SignatureFile file;
    private final SignaturePack pack;
    private final Matcher matcher;
    private final List<Failure> failures = new ArrayList<>();

    /// An example that does not behave as its file says.
    ///
    /// @param shouldMatch whether it is one of those that must match
    public record Failure(Problem problem, boolean shouldMatch) {}

    private Examples(SignatureFile file) {
        this.file = file;
        pack = CompiledPack.of(List.of(file));
        matcher = pack.newMatcher();
    }

    /// The examples of a file that do not behave as it says.
    public static List<Problem> failures(SignatureFile file) {
        Examples examples = new Examples(file);
        file.messages().forEach(examples::run);
        return examples.failures.stream().map(Failure::problem).toList();
    }

    /// The same for one of its messages.
    public static List<Failure> failures(SignatureFile file, String message) {
        Examples examples = new Examples(file);
        file.messages().stream().filter(m -> m.name().equals(message)).forEach(examples::run);
        return List.copyOf(examples.failures);
    }

    private void run(SignatureFile.Message message) {
        for (SignatureFile.Example example : message.match()) {
            if (!matches(message, example)) {
                fail(message, true, example);
            }
        }
        for (SignatureFile.Example example : message.noMatch()) {
            if (matches(message, example)) {
                fail(message, false, example);
            }
        }
    }

    /// A reply that needs its request is shown one of each kind.
    private boolean matches(SignatureFile.Message message, SignatureFile.Example example) {
        byte[] text = example.text().getBytes(StandardCharsets.UTF_8);
        if (matcher.parse(text, 0, text.length) != Matcher.Parse.OBJECT) {
            return false;
        }
        if (!message.needsRequest()) {
            return matches(message, (Template) null);
        }
        return message.answers().stream().allMatch(name -> matches(message, template(name)));
    }

    private boolean matches(SignatureFile.Message message, @Nullable Template request) {
        Template wanted = template(message.name());
        boolean[] found = {false};
        matcher.match(
                message.from(),
                request,
                template -> found[0] |= template.index() == wanted.index());
        return found[0];
    }

    private Template template(String name) {
        String id = file.id() + "." + name;
        return pack.templates().stream().filter(t -> t.id().equals(id)).findFirst().orElseThrow();
    }

    private void fail(
            SignatureFile.Message message, boolean shouldMatch, SignatureFile.Example example) {
        String kind = shouldMatch ? "match" : "no-match";
        Problem problem =
                new Problem(
                        file.file(),
                        example.line(),
                        1,
                        "messages." + message.name() + ".examples." + kind,
                        Problem.shown(example.text()),
                        shouldMatch ? "an object that matches" : "an object that does not match");
        failures.add(new Failure(problem, shouldMatch));
    }
}
