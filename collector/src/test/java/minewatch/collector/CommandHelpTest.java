package minewatch.collector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommandHelpTest {
    @Test
    void helpOfEveryCommandShowsExamples() {
        var commands = Main.commandLine().getSubcommands();
        assertThat(commands).containsOnlyKeys("collector");
        commands.values().forEach(CommandHelpTest::assertExamples);
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
