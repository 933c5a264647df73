package minewatch.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
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
                .contains("  " + name + " ")
                .contains(examples(command));
        command.getSubcommands().values().forEach(CommandHelpTest::assertExamples);
    }

    private static List<String> examples(CommandLine command) {
        return Arrays.stream(command.getCommandSpec().usageMessage().footer())
                .filter(line -> line.startsWith("  "))
                .toList();
    }
}
