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
    private final List<Problem> failures = new ArrayList<>();

    private Examples(SignatureFile file) {
        this.file = file;
        pack = CompiledPack.of(List.of(file));
        matcher = pack.newMatcher();
    }

    /// The examples of a file that do not behave as it says.
    public static List<Problem> failures(SignatureFile file) {
        Examples examples = new Examples(file);
        file.messages().forEach(examples::run);
        return List.copyOf(examples.failures);
    }

    /// The same for one of its messages.
    public static List<Problem> failures(SignatureFile file, String message) {
        Examples examples = new Examples(file);
        file.messages().stream().filter(m -> m.name().equals(message)).forEach(examples::run);
        return List.copyOf(examples.failures);
    }

    private void run(SignatureFile.Message message) {
        for (SignatureFile.Example example : message.match()) {
            if (!matches(message, example)) {
                fail(message, "match", example, "an object that matches");
            }
        }
        for (SignatureFile.Example example : message.noMatch()) {
            if (matches(message, example)) {
                fail(message, "no-match", example, "an object that does not match");
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
            SignatureFile.Message message,
            String kind,
            SignatureFile.Example example,
            String expected) {
        failures.add(
                new Problem(
                        file.file(),
                        example.line(),
                        1,
                        "messages." + message.name() + ".examples." + kind,
                        example.text(),
                        expected));
    }
}
