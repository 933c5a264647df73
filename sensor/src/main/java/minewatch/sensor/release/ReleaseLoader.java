package minewatch.sensor.release;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minewatch.config.ConfigException;
import minewatch.config.ConfigReader;
import minewatch.config.SettingsText;
import minewatch.feed.release.ReleaseException;
import minewatch.feed.release.ReleaseException.Kind;
import minewatch.feed.v1.Release;
import minewatch.feed.v1.ReleasedFile;
import minewatch.sensor.SensorConfig;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.SignatureTexts;
import minewatch.signatures.language.InvalidSignaturesException;

/// Makes equipment of a release and the sensor's own settings, or says why that cannot be. Nothing
/// changes by it.
///
/// What the sensor's operator set wins: a setting in its own file over the release's, a signature
/// in its own folders over one with the same id.
public final class ReleaseLoader {
    /// All that a release may set. None of these can take the sensor away from its operator, weaken
    /// what its own file says of privacy, or use more memory than it was given.
    public static final Set<String> SETTINGS =
            Set.of("flow.idle-timeout", "privacy.excerpts", "rollup.interval");

    /// What every sensor has to set.
    private static final SettingsText ANY_SENSOR =
            new SettingsText(
                    "any sensor",
                    "{sensor: {id: any}, capture: {interface: any}, uplink: {collector: 'any:1'}}",
                    null);

    private final SettingsText local;

    /// @param local the sensor's own settings
    ReleaseLoader(SettingsText local) {
        this.local = local;
    }

    /// For whoever signs: what every sensor would refuse.
    ///
    /// @throws ReleaseException with the first problems
    public static void lint(Release release) throws ReleaseException {
        new ReleaseLoader(ANY_SENSOR).load(release);
    }

    /// @throws ReleaseException if anything in the release is wrong, also what the sensor's own
    ///   settings and signatures override
    Equipment load(Release release) throws ReleaseException {
        SensorConfig config = config(release);
        SignatureTexts texts = texts(release);
        requireNone(SignaturePacks.lint(texts), texts.place());
        var directories = config.signatures().directories();
        try {
            SignaturePack pack = SignaturePacks.load(texts, directories);
            String revision = SignaturePacks.revision(texts, directories);
            return new Equipment(release.getNumber(), config, pack, revision);
        } catch (InvalidSignaturesException e) {
            requireNone(e.problems(), texts.place());
            throw new IllegalStateException("invalid without a problem", e);
        } catch (IOException e) {
            throw new ReleaseException(
                    Kind.SIGNATURES, "cannot be loaded: " + e + "; see signatures.directories", e);
        }
    }

    private SensorConfig config(Release release) throws ReleaseException {
        var settings =
                new SettingsText("settings of " + place(release), release.getSettings(), null);
        try {
            settings.requireOnly(SETTINGS);
            ConfigReader.parse(
                    new SettingsText(settings.name(), ANY_SENSOR.yaml(), null),
                    settings,
                    SensorConfig.class);
            return ConfigReader.parse(local, settings, SensorConfig.class);
        } catch (ConfigException e) {
            throw new ReleaseException(
                    Kind.SETTINGS,
                    "has settings that cannot be used: "
                            + first(e.problems())
                            + "; sign it without them",
                    e);
        }
    }

    private static void requireNone(List<?> problems, String place) throws ReleaseException {
        if (!problems.isEmpty()) {
            throw new ReleaseException(
                    Kind.SIGNATURES,
                    "has signatures that cannot be used: "
                            + first(problems)
                            + "; have `minewatch signatures lint` of this version pass what "
                            + place
                            + " holds");
        }
    }

    private static String first(List<?> problems) {
        String first = String.valueOf(problems.getFirst());
        return problems.size() == 1 ? first : first + " (and " + (problems.size() - 1) + " more)";
    }

    private static SignatureTexts texts(Release release) {
        return new SignatureTexts(
                place(release),
                texts(release.getSignaturesList()),
                texts(release.getEndpointsList()));
    }

    private static Map<String, String> texts(List<ReleasedFile> files) {
        Map<String, String> texts = new LinkedHashMap<>();
        files.forEach(file -> texts.put(file.getName(), file.getText()));
        return texts;
    }

    private static String place(Release release) {
        return "release " + release.getNumber();
    }
}
