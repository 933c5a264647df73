package minewatch.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;

/// `minewatch completion`: what a shell offers on TAB, for the commands of all modules in one
/// script. It is here because no other module knows both sensor and collector.
@Command(
        name = "completion",
        description = "Prints a script by which a shell completes commands, options and files.",
        footer = {
            "",
            "Examples:",
            "  source <(minewatch completion bash)",
            "  minewatch completion bash >/usr/share/bash-completion/completions/minewatch"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Completion implements Callable<Integer> {
    enum Shell {
        bash,
        zsh
    }

    /// Both take the same script: it turns on what zsh has for bash's.
    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("UnusedVariable") // read to be checked
    private Shell shell = Shell.bash;

    @Override
    public Integer call() {
        System.out.print(AutoComplete.bash("minewatch", everyCommand()));
        return 0;
    }

    /// The launcher's commands, whichever module they are of.
    private static CommandLine everyCommand() {
        CommandLine all = new CommandLine(CommandSpec.create().name("minewatch"));
        add(all, new CommandLine(new Main.Launcher()));
        add(all, minewatch.sensor.Main.commandLine());
        add(all, minewatch.collector.Main.commandLine());
        all.addSubcommand("help", new HelpCommand());
        return all;
    }

    private static void add(CommandLine all, CommandLine module) {
        module.getSubcommands()
                .forEach((name, command) -> {
                    command.getCommandSpec().positionalParameters().stream()
                            .filter(Completion::isFile)
                            .toList()
                            .forEach(file -> offerFiles(command.getCommandSpec(), file));
                    all.addSubcommand(name, command);
                });
    }

    /// `scan` and `explain` take texts, since `-` is none of a file.
    private static boolean isFile(PositionalParamSpec parameter) {
        return parameter.paramLabel().equals("PATH");
    }

    private static void offerFiles(CommandSpec command, PositionalParamSpec file) {
        command.remove(file);
        command.addPositional(
                PositionalParamSpec.builder()
                        .index(file.index())
                        .arity(file.arity())
                        .paramLabel(file.paramLabel())
                        .type(List.class)
                        .auxiliaryTypes(Path.class)
                        .build());
    }
}
