package minewatch.signatures.language;

import java.util.List;
import java.util.Map;
import minewatch.signatures.Act;
import minewatch.signatures.Dialect;
import minewatch.signatures.Side;
import minewatch.signatures.WorkRule;
import org.jspecify.annotations.Nullable;

/// One checked signature file.
///
/// @param file its name, for messages
/// @param sources documents and captures it is known from
/// @param dispatch top-level keys whose string says which message this is; a message whose shape
///   names none of them is a reply
public record SignatureFile(
        String file,
        String id,
        String protocol,
        int revision,
        Map<String, String> title,
        List<String> sources,
        Dialect.Framing framing,
        Dialect.Claim claim,
        @Nullable String algorithm,
        List<String> dispatch,
        WorkRule work,
        List<Message> messages) {

    /// One message of the dialect. See [minewatch.signatures.Template] for the parts of the same
    /// name.
    ///
    /// @param answers names of the messages it may answer, all of this file
    /// @param match examples that must match
    /// @param noMatch examples that must not
    public record Message(
            String name,
            Side from,
            Act act,
            double weight,
            String group,
            boolean needsRequest,
            List<String> answers,
            @Nullable String algorithm,
            Shape shape,
            List<Example> match,
            List<Example> noMatch) {}

    /// @param line of the file
    public record Example(String text, int line) {}
}
