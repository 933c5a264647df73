package minewatch.packaging;

import static minewatch.packaging.Shell.finish;
import static minewatch.packaging.Shell.projectRoot;
import static minewatch.packaging.Shell.script;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher in small trees of its own: a JDK and a Maven are scripts that write down how they
/// were called, because what is tested is the launcher's choice, not what they do.
class LauncherTest {
    @TempDir Path folder;

    private Shell shell = new Shell(Path.of("."), Map.of());

    @BeforeEach
    void emptyMachine() throws IOException {
        Files.createDirectories(folder.resolve("jvm"));
        // Not the machine's PATH as a whole: it may hold a JDK.
        var tools = Files.createDirectories(folder.resolve("tools"));
        for (var tool : "cat find flock grep mkdir mv readlink rm sed sh tail".split(" ", -1)) {
            copy(Path.of("/usr/bin").resolve(tool), tools);
        }
        shell =
                new Shell(folder, Map.of())
                        .with("PATH", tools.toString())
                        .with("MINEWATCH_JVM_DIR", folder.resolve("jvm").toString());
    }

    @Test
    void helpNamesEveryCommandAndExitsZero() {
        var help = shell.run(launcher(), "--help");

        assertThat(help.code()).isZero();
        assertThat(help.out())
                .contains(
                        "demo",
                        "scan",
                        "explain",
                        "signatures",
                        "sensor",
                        "collector",
                        "doctor",
                        "completion");
        assertThat(help.err()).isEmpty();
    }

    @Test
    void noCommandIsWrongUsage() {
        var nothing = shell.run(launcher());

        assertThat(nothing.code()).isEqualTo(2);
        assertThat(nothing.out()).isEmpty();
        assertThat(nothing.err()).contains("Usage: minewatch COMMAND");
    }

    @Test
    void unknownCommandIsNamedAndExitsTwo() {
        var unknown = shell.run(launcher(), "scna", "a.pcap");

        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.out()).isEmpty();
        assertThat(unknown.err()).startsWith("minewatch: command: scna (expected: demo, scan, ");
    }

    @Test
    void versionNeedsNoJdk() {
        var version = shell.run(launcher(), "--version");

        assertThat(version.code()).isZero();
        assertThat(version.out()).matches("minewatch \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\n");
    }

    @Test
    void aSourceTreeMakesItsCacheByItself() {
        var cache = shell.run(launcher(), "--cache");

        assertThat(cache.code()).isEqualTo(2);
        assertThat(cache.err()).contains("--cache is for installations");
    }

    @Test
    void withoutJdk25ItSaysWhatToInstallAndExitsTwo() throws IOException {
        jdk("jvm/old", "17.0.15");

        var scan = shell.with("JAVA_HOME", folder + "/jvm/old").run(launcher(), "scan", "a.pcap");

        assertThat(scan.code()).isEqualTo(2);
        assertThat(scan.out()).isEmpty();
        assertThat(scan.err()).contains("no JDK 25", "apt-get install openjdk-25-jdk-headless");
    }

    @Test
    void javaHomeComesBeforeTheJvmFolderAndThatBeforePath() throws IOException {
        var home = jdk("home", "26");
        var found = jdk("jvm/found", "25.0.3");
        var onPath = jdk("path", "25.0.1");
        var path = shell.with("PATH", onPath.resolve("bin") + ":" + folder.resolve("tools"));

        assertThat(path.with("JAVA_HOME", home.toString()).run(launcher(), "--jdk").out())
                .isEqualTo(home + "\n");
        assertThat(path.with("JAVA_HOME", "/nowhere").run(launcher(), "--jdk").out())
                .isEqualTo(found + "\n");
        assertThat(path.with("MINEWATCH_JVM_DIR", "/nowhere").run(launcher(), "--jdk").out())
                .isEqualTo(onPath + "\n");
    }

    @Test
    void installedItRunsWithoutBuildingAndPassesArgumentsUntouched() throws IOException {
        jdk("jvm/jdk", "25.0.3");
        var installed = install("sensor");

        var scan = shell.run(installed.toString(), "scan", "--format", "a b", "$HOME '\"*", "");

        assertThat(scan.code()).isZero();
        assertThat(scan.err()).isEmpty();
        assertThat(scan.out())
                .contains(
                        "<-Dminewatch.version=9.8.7>\n",
                        "<" + folder + "/lib/minewatch/sensor/lib/minewatch-sensor-9.8.7.jar:")
                .doesNotContain("/lib/*")
                .endsWith(
                        """
                        <minewatch.sensor.Main>
                        <scan>
                        <--format>
                        <a b>
                        <$HOME '"*>
                        <>
                        """);
    }

    @Test
    void installedWithoutTheDemoItPrintsTheCompletionScriptThatWasInstalled() throws IOException {
        var installed = install("sensor").toString();

        var absent = shell.run(installed, "completion", "bash");
        assertThat(absent.code()).isEqualTo(2);
        assertThat(absent.err()).contains("./minewatch completion bash >");

        var script = folder.resolve("share/bash-completion/completions/minewatch");
        Files.createDirectories(script.getParent());
        Files.writeString(script, "complete minewatch\n");
        var zsh = shell.run(installed, "completion", "zsh");
        assertThat(zsh.code()).isZero();
        assertThat(zsh.out()).isEqualTo("complete minewatch\n");
        var fish = shell.run(installed, "completion", "fish");
        assertThat(fish.code()).isEqualTo(2);
        assertThat(fish.err()).isEqualTo("minewatch: completion: fish (expected: bash or zsh)\n");
    }

    @Test
    void theExitCodeIsThatOfTheCommand() throws IOException {
        var jdk = jdk("jvm/jdk", "25");
        script(jdk.resolve("bin/java"), List.of("exit 7"));

        assertThat(shell.run(install("collector").toString(), "collector", "run").code())
                .isEqualTo(7);
    }

    @Test
    void anUntouchedTreeIsBuiltOnce() throws IOException {
        var tree = tree("exit 0");

        var first = shell.run(tree + "/minewatch", "scan", "a.pcap");
        var second = shell.run(tree + "/minewatch", "demo");

        assertThat(first.code()).isZero();
        assertThat(first.err()).contains("minewatch: building");
        assertThat(first.out()).contains(tree + "/sensor/target/minewatch-sensor-9.8.7.jar:");
        assertThat(second.code()).isZero();
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).contains(tree + "/demo/target/minewatch-demo-9.8.7.jar:");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void aChangedOrDeletedSourceIsBuiltAgain() throws IOException {
        var tree = tree("exit 0");
        shell.run(tree + "/minewatch", "scan");

        var source = tree.resolve("sensor/src/main/java/A.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(1)));
        shell.run(tree + "/minewatch", "scan");
        assertThat(builds()).as("after a change").isEqualTo(2);

        Files.delete(source);
        Files.setLastModifiedTime(source.getParent(), FileTime.from(Instant.now().plusSeconds(2)));
        shell.run(tree + "/minewatch", "scan");
        assertThat(builds()).as("after a deletion").isEqualTo(3);
    }

    @Test
    void aFailedBuildIsShownKeptAndTriedAgain() throws IOException {
        var tree = tree("echo '[ERROR] A.java:[1,2] no such thing'; exit 1");

        var scan = shell.run(tree + "/minewatch", "scan");
        var again = shell.run(tree + "/minewatch", "scan");

        assertThat(scan.code()).isEqualTo(3);
        assertThat(scan.out()).isEmpty();
        assertThat(scan.err()).contains("A.java:[1,2] no such thing", "cannot build");
        assertThat(tree.resolve("target/launcher/build.log")).content().contains("[ERROR]");
        assertThat(again.code()).isEqualTo(3);
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void twoFirstRunsBuildOnce() throws IOException {
        // The first build does not end before the second run has said that it waits.
        var tree =
                tree("while ! grep -qs 'waiting for another build' err*.txt; do :; done; exit 0");
        shell = shell.with("BUILD_FOLDER", folder.toString());

        var one = shell.start(tree + "/minewatch", "scan");
        var two = shell.start(tree + "/minewatch", "scan");

        assertThat(finish(one).code()).isZero();
        assertThat(finish(two).code()).isZero();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void standardInputReachesTheCommandAndNotTheBuild() throws IOException {
        var tree = tree("cat >/dev/null; exit 0");
        script(folder.resolve("jvm/jdk/bin/java"), List.of("cat"));
        Files.writeString(folder.resolve("input"), "a capture");

        var scan =
                shell.run(
                        folder.resolve("tools/sh").toString(),
                        "-c",
                        "exec '" + tree + "/minewatch' scan - <'" + folder + "/input'");

        assertThat(scan.out()).isEqualTo("a capture");
    }

    private static String launcher() {
        return projectRoot().resolve("minewatch").toString();
    }

    private static void copy(Path file, Path target) throws IOException {
        var name = file.getFileName();
        Files.copy(file.toRealPath(), target.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
    }

    /// A JDK whose `java` prints its arguments, one a line.
    private Path jdk(String name, String version) throws IOException {
        var jdk = folder.resolve(name);
        script(jdk.resolve("bin/java"), List.of("for a; do echo \"<$a>\"; done"));
        script(jdk.resolve("bin/javac"), List.of("exit 1"));
        Files.writeString(
                jdk.resolve("release"),
                "IMPLEMENTOR=\"Any\"\nJAVA_VERSION=\"" + version + "\"\nOS_ARCH=\"x86_64\"\n");
        return jdk;
    }

    private Path install(String module) throws IOException {
        var launcher = folder.resolve("bin/minewatch");
        Files.createDirectories(launcher.getParent());
        Files.copy(projectRoot().resolve("minewatch"), launcher);
        for (var name : List.of("sensor", module)) {
            var library = folder.resolve("lib/minewatch/" + name + "/lib");
            Files.createDirectories(library);
            Files.writeString(library.resolve("minewatch-" + name + "-9.8.7.jar"), "");
        }
        return launcher;
    }

    /// A source tree with a Maven that makes empty jars, writes down that it ran, and ends as said.
    private Path tree(String ending) throws IOException {
        jdk("jvm/jdk", "25");
        var tree = Files.createDirectories(folder.resolve("tree"));
        Files.copy(projectRoot().resolve("minewatch"), tree.resolve("minewatch"));
        Files.createDirectories(tree.resolve(".mvn"));
        Files.writeString(
                tree.resolve("pom.xml"),
                "<project>\n  <version>9.8.7</version>\n  <module>sensor</module>\n</project>\n");
        var make = new StringBuilder("for m in sensor collector demo; do mkdir -p $m/target/lib; ");
        make.append(": >$m/target/minewatch-$m-9.8.7.jar; done");
        for (var module : List.of("sensor", "collector", "demo")) {
            Files.createDirectories(tree.resolve(module + "/src/main/java"));
            Files.writeString(tree.resolve(module + "/pom.xml"), "<project/>\n");
            Files.writeString(tree.resolve(module + "/src/main/java/A.java"), "class A {}\n");
        }
        script(
                folder.resolve("tools/mvn"),
                List.of(
                        "if [ \"$1\" = -v ]; then echo 'Apache Maven 3.8.7'; exit; fi",
                        "echo \"$@\" >>'" + folder + "/builds'",
                        make.toString(),
                        "cd '" + folder + "'",
                        ending));
        return tree;
    }

    private long builds() throws IOException {
        try (var lines = Files.lines(folder.resolve("builds"))) {
            return lines.count();
        }
    }
}
