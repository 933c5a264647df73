package minewatch.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A real file system (tmpfs) that is soon full. Needs root.
public final class SmallDisk {
    private final Path folder;
    private final boolean mounted;

    private SmallDisk(Path folder, boolean mounted) {
        this.folder = folder;
        this.mounted = mounted;
    }

    /// @param folder made, and mounted on
    /// @param size as mount takes it: `2m`
    public static SmallDisk mount(Path folder, String size)
            throws IOException, InterruptedException {
        Files.createDirectory(folder);
        String options = "size=" + size;
        return new SmallDisk(
                folder, run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString()));
    }

    /// Whether this process was allowed to.
    public boolean isMounted() {
        return mounted;
    }

    public Path folder() {
        return folder;
    }

    /// Writes a file until nothing more fits.
    ///
    /// @return the file
    public Path fill() throws IOException {
        Path ballast = folder.resolve("ballast");
        try (var out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(new byte[4096]);
            }
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) {
                throw full;
            }
            return ballast;
        }
    }

    public void unmount() throws InterruptedException {
        if (mounted) {
            run("umount", "-l", folder.toString());
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }
}
