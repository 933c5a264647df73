package minewatch.signatures;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import minewatch.signatures.language.Problem;
import org.jspecify.annotations.Nullable;

/// Reads a stranger's text file. What is wrong with it is a problem like any other, so that the
/// files beside it are still checked.
final class ForeignFile {
    private ForeignFile() {}

    /// The file's text, or enough of it to be too long; null after a problem.
    static @Nullable String text(Path path, int maxBytes, List<Problem> problems) {
        if (!Files.isRegularFile(path)) { // a pipe would be waited for, a link loop has no end
            problems.add(problem(path, kind(path), "a regular file"));
            return null;
        }
        try (InputStream in = Files.newInputStream(path)) {
            return decode(path, in.readNBytes(maxBytes + 1), maxBytes, problems);
        } catch (AccessDeniedException e) {
            problems.add(problem(path, "permission denied", "a readable file"));
        } catch (IOException e) {
            problems.add(problem(path, "unreadable", "a readable file"));
        }
        return null;
    }

    private static @Nullable String decode(
            Path path, byte[] bytes, int maxBytes, List<Problem> problems) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer text = CharBuffer.allocate(bytes.length); // a character takes a byte at least
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        boolean cut = bytes.length > maxBytes; // perhaps within a character
        if (!decoder.decode(in, text, !cut).isError()) {
            return text.flip().toString() + (cut ? "…" : "");
        }
        String before = text.flip().toString();
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        int column = before.length() - before.lastIndexOf('\n');
        String found = "byte 0x%02X".formatted(bytes[in.position()]);
        problems.add(new Problem(path.toString(), line, column, "file", found, "UTF-8"));
        return null;
    }

    private static Problem problem(Path path, String found, String expected) {
        return new Problem(path.toString(), 1, 1, "file", found, expected);
    }

    private static String kind(Path path) {
        if (Files.isDirectory(path)) {
            return "a folder";
        }
        return Files.isSymbolicLink(path) ? "a link that leads nowhere" : "no regular file";
    }
}
