package minewatch.collector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommandHelpTest {
    @Test
    void helpOfEveryCommandShowsExamples() {
        CommandLine collector = Main.commandLine().getSubcommands().get("collector");
        assertThat(collector).isNotNull();
        assertExamples(collector);
    }

    private static void assertExamples(CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        assertThat(command.getUsageMessage())
                .as(name)
                .contains("Examples:")
                .contains("  " + name + " ");
        command.getSubcommands().values().forEach(CommandHelpTest::assertExamples);
    }
}
