package minewatch.signatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.stream.Stream;
import minewatch.signatures.compile.Examples;
import minewatch.signatures.language.SignatureFile;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/// Runs the examples of every file of the built-in pack.
class PackExamplesTest {
    @TestFactory
    Stream<DynamicNode> everyExampleHolds() throws Exception {
        return SignaturePacks.files(List.of()).stream().map(PackExamplesTest::file);
    }

    private static DynamicNode file(SignatureFile file) {
        return dynamicContainer(
                file.id(),
                file.messages().stream()
                        .map(m ->
                                dynamicTest(
                                        m.name(),
                                        () ->
                                                assertThat(Examples.failures(file, m.name()))
                                                        .isEmpty())));
    }
}
