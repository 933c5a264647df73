package minewatch.feed.release;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import minewatch.feed.release.ReleaseException.Kind;
import minewatch.feed.v1.Release;
import minewatch.feed.v1.ReleasedFile;

/// What holds for every release, whatever its files say.
final class ReleaseRules {
    private static final int MAX_SENSORS = 10_000;
    private static final int MAX_FILES = 1_000; // of each kind
    private static final int MAX_SETTINGS = 64 << 10; // characters
    private static final Pattern ID = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
    private static final Pattern SIGNATURES = Pattern.compile(NAME + "\\.yaml");
    private static final Pattern ENDPOINTS = Pattern.compile(NAME + "\\.csv");

    private ReleaseRules() {}

    static void check(Release release) throws ReleaseException {
        if (!release.getUnknownFields().asMap().isEmpty()) {
            throw broken("content", "more than this version knows", "none", "upgrade this program");
        }
        if (release.getNumber() < 1) {
            throw broken(
                    "number",
                    Long.toUnsignedString(release.getNumber()),
                    "1 to 2^63 - 1",
                    "sign it with another");
        }
        checkSensors(release.getSensorsList());
        checkFiles(release.getSignaturesList(), SIGNATURES, "signatures");
        checkFiles(release.getEndpointsList(), ENDPOINTS, "endpoints");
        if (release.getSettings().length() > MAX_SETTINGS) {
            throw broken(
                    "settings",
                    release.getSettings().length() + " characters",
                    "at most " + MAX_SETTINGS,
                    "shorten them");
        }
    }

    private static void checkSensors(List<String> sensors) throws ReleaseException {
        if (sensors.size() > MAX_SENSORS) {
            throw broken("sensors", sensors.size() + " ids", "at most " + MAX_SENSORS, "split it");
        }
        for (String id : sensors) {
            if (!ID.matcher(id).matches()) {
                throw broken(
                        "sensor",
                        shown(id),
                        "1 to 63 of a-z, 0-9, dot and hyphen, ends alphanumeric",
                        "name sensors by their ids");
            }
        }
    }

    private static void checkFiles(List<ReleasedFile> files, Pattern names, String what)
            throws ReleaseException {
        if (files.size() > MAX_FILES) {
            throw broken(what, files.size() + " files", "at most " + MAX_FILES, "join some");
        }
        Set<String> seen = new HashSet<>();
        for (ReleasedFile file : files) {
            if (!names.matcher(file.getName()).matches() || !seen.add(file.getName())) {
                throw broken(
                        what,
                        shown(file.getName()),
                        "names of letters, digits, dot, hyphen and underscore that end in "
                                + (names == SIGNATURES ? ".yaml" : ".csv")
                                + ", each once",
                        "rename the file");
            }
        }
    }

    /// A stranger's text for a log: its first characters, those that can be printed.
    private static String shown(String text) {
        return text.substring(0, Math.min(text.length(), 80)).replaceAll("[^ -~]", "?");
    }

    private static ReleaseException broken(
            String name, String value, String expected, String remedy) {
        return new ReleaseException(
                Kind.MALFORMED,
                "cannot be used: "
                        + name
                        + ": "
                        + value
                        + " (expected: "
                        + expected
                        + "); "
                        + remedy);
    }
}
