package minewatch.sensor.release;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether the sensor lives with the release it took last. On disk, in the file `trial`: the
/// release's number, and how often the sensor has begun with it and neither lived on nor been
/// stopped. After [#ATTEMPTS] the release has failed, for good; a release that has passed is not on
/// trial any more.
///
/// What cannot be written is said, and the sensor goes on: it is then without this protection.
///
/// - **Thread:** any.
final class Trial {
    static final int ATTEMPTS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Trial.class);
    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,18}) ([0-9])\n");
    private static final long NONE = 0;

    private final Path file;
    private long number = NONE;
    private int begun;

    Trial(Path directory) {
        file = directory.resolve("trial");
    }

    /// Takes up what is on disk.
    synchronized void read() {
        try {
            Matcher text = TEXT.matcher(Files.readString(file, US_ASCII));
            if (text.matches()) {
                number = Long.parseLong(text.group(1));
                begun = Integer.parseInt(text.group(2));
            }
        } catch (NoSuchFileException e) {
            // nothing is on trial
        } catch (IOException | NumberFormatException e) {
            LOG.warn("cannot read {}: {}", file, e.toString());
        }
    }

    /// A release was just taken, and the sensor goes on with it.
    synchronized void open(long release) {
        write(release, 1);
    }

    synchronized boolean isFailed(long release) {
        return release == number && begun >= ATTEMPTS;
    }

    /// The sensor begins with this release.
    synchronized void begin(long release) {
        if (isOn(release)) {
            write(release, begun + 1);
        }
    }

    /// The sensor was stopped: that is no fault of the release.
    synchronized void stop(long release) {
        if (isOn(release)) {
            write(release, begun - 1);
        }
    }

    synchronized void pass(long release) {
        if (isOn(release)) {
            number = NONE;
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warn("cannot delete {}: {}", file, e.toString());
            }
        }
    }

    private boolean isOn(long release) {
        return release == number && release != NONE;
    }

    private void write(long release, int times) {
        number = release;
        begun = times;
        Path next = file.resolveSibling("trial.next");
        try {
            Files.deleteIfExists(next); // of an attempt that was cut short
            byte[] text = (release + " " + times + "\n").getBytes(US_ASCII);
            DurableFile.create(next, text, DurableFile.SECRET);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            DurableFile.syncFolder(file.resolveSibling(""));
        } catch (IOException e) {
            LOG.warn("cannot write {}: {}", file, e.toString());
        }
    }
}
