package minewatch.sensor.release;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import minewatch.config.ConfigException;
import minewatch.config.ConfigReader;
import minewatch.config.Problem;
import minewatch.config.SettingsText;
import minewatch.feed.release.ReleaseException;
import minewatch.feed.release.ReleaseException.Kind;
import minewatch.feed.release.ReleaseFile;
import minewatch.feed.release.ReleaseKeys;
import minewatch.feed.v1.Release;
import minewatch.feed.v1.ReleaseOffer;
import minewatch.sensor.SensorConfig;
import minewatch.sensor.uplink.ReleaseHandler;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.language.InvalidSignaturesException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the sensor works with, and how a release changes it: verified, newer, meant for this
/// sensor, loaded as a whole and kept on disk before anything changes. Whatever is refused changes
/// nothing, and is not asked for again.
///
/// - **Thread:** [#wants] and [#onRelease] one at a time; any may ask [#inForce].
public final class Releases implements ReleaseHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Releases.class);
    private static final int REMEMBERED = 16; // of those refused last
    private static final String ROOM = "minewatch.sensor.release.";

    /// Puts equipment in force in a running sensor.
    @FunctionalInterface
    public interface Change {
        /// Returns when all workers work with it.
        void to(Equipment next) throws InterruptedException;
    }

    /// A sensor that has lived so long with a release does not die of it.
    private static final Duration TRIAL = Duration.ofMinutes(10);

    private final ReleaseLoader loader;
    private final ReleaseStore store;
    private final Trial trial;
    private final List<PublicKey> keys;
    private final String sensor;
    private final MeterRegistry registry;
    private final Set<ByteString> refused = new LinkedHashSet<>(); // digests; guarded by itself
    private Change change = _ -> {};
    private volatile Equipment inForce;

    private Releases(
            SettingsText local, List<PublicKey> keys, Equipment own, MeterRegistry registry) {
        this.loader = new ReleaseLoader(local);
        this.store = new ReleaseStore(own.config().releases().directory());
        this.trial = new Trial(own.config().releases().directory());
        this.keys = keys;
        this.sensor = own.config().sensor().id();
        this.registry = registry;
        this.inForce = own;
        Gauge.builder(ROOM + "number", this, all -> all.inForce.release())
                .strongReference(true)
                .register(registry);
        for (Kind kind : Kind.values()) {
            refusals(kind, 0);
        }
    }

    /// Nothing but the sensor's own settings and these signatures.
    ///
    /// @throws ConfigException if its signature folders cannot be read
    public static Releases none(SensorConfig config, SignaturePack pack, MeterRegistry registry)
            throws ConfigException {
        return new Releases(
                new SettingsText("settings", config.print(), null),
                List.of(),
                new Equipment(0, config, pack, revision("settings", config)),
                registry);
    }

    /// The settings of a file, and the newest release that was kept and is good.
    ///
    /// @throws ConfigException if the file, or a file it names, cannot be used
    /// @throws InvalidSignaturesException if the sensor's own signatures cannot be
    public static Releases open(Path settings, MeterRegistry registry)
            throws ConfigException, IOException, InvalidSignaturesException {
        SettingsText local = SettingsText.of(settings);
        SensorConfig config = ConfigReader.parse(local, SensorConfig.class);
        SignaturePack pack = SignaturePacks.load(config.signatures().directories());
        Equipment own = new Equipment(0, config, pack, revision(local.name(), config));
        Releases releases = new Releases(local, keys(local.name(), config), own, registry);
        releases.takeUpKept();
        return releases;
    }

    private static List<PublicKey> keys(String file, SensorConfig config) throws ConfigException {
        try {
            return ReleaseKeys.publicKeys(config.releases().keys());
        } catch (IOException e) {
            throw wrong(file, "releases.keys", String.valueOf(e.getMessage()));
        }
    }

    private static String revision(String file, SensorConfig config) throws ConfigException {
        try {
            return SignaturePacks.revision(config.signatures().directories());
        } catch (IOException e) {
            throw wrong(
                    file,
                    "signatures.directories",
                    e.getMessage() + ": cannot be read (expected: readable folders)");
        }
    }

    private static ConfigException wrong(String file, String setting, String detail) {
        return new ConfigException(List.of(new Problem(file, 0, setting, detail)));
    }

    /// Whether releases are taken at all.
    public boolean areTaken() {
        return !keys.isEmpty();
    }

    /// What the sensor works with, or will as soon as its workers have changed.
    public Equipment inForce() {
        return inForce;
    }

    /// Told of each release that is taken from now on.
    public void onChange(Change listener) {
        change = listener;
    }

    /// The sensor begins. If it neither lives on nor is [stopped][#onStop], as often as [Trial]
    /// says, it does not begin with a release it took lately any more.
    public void onStart() {
        trial.begin(inForce.release());
        passLater(inForce.release());
    }

    /// The sensor was stopped, or had no input any more.
    public void onStop() {
        trial.stop(inForce.release());
    }

    /// The sensor lives.
    void onLife(long release) {
        trial.pass(release);
    }

    private void passLater(long release) {
        CompletableFuture.delayedExecutor(TRIAL.toSeconds(), TimeUnit.SECONDS)
                .execute(() -> onLife(release));
    }

    private void takeUpKept() {
        if (!areTaken()) {
            return;
        }
        trial.read();
        try {
            for (Path file : store.newestFirst()) {
                Equipment kept = kept(file);
                if (kept != null) {
                    inForce = kept;
                    LOG.info("release {} is in force, pack {}", kept.release(), kept.revision());
                    return;
                }
            }
        } catch (IOException e) {
            LOG.error(
                    "cannot read the kept releases: {}; the sensor works with its own signatures"
                            + " until it can fetch one",
                    e.toString());
        }
    }

    private @Nullable Equipment kept(Path file) {
        try {
            Release release = ReleaseFile.verify(ReleaseFile.bytes(file), keys);
            requireMeant(release);
            requireLived(release);
            return loader.load(release);
        } catch (ReleaseException e) {
            count(e.kind());
            LOG.error(
                    "kept release {} {}; the one before it is taken, or none",
                    file,
                    e.getMessage());
        } catch (IOException e) {
            LOG.error(
                    "kept release {} cannot be read: {}; the one before it is taken, or none",
                    file,
                    e);
        }
        return null;
    }

    @Override
    public boolean wants(ReleaseOffer offer) {
        if (offer.getNumber() == inForce.release() || trial.isFailed(offer.getNumber())) {
            return false;
        }
        synchronized (refused) {
            if (refused.contains(offer.getDigest())) {
                return false;
            }
        }
        try {
            requireNewer(offer.getNumber());
            requireSize(offer);
            return true;
        } catch (ReleaseException e) {
            refuse(offer.getNumber(), offer.getDigest(), e);
            return false;
        }
    }

    @Override
    public boolean onRelease(byte[] file) throws InterruptedException {
        long number = 0;
        Equipment next;
        try {
            Release release = ReleaseFile.verify(file, keys);
            number = release.getNumber();
            requireMeant(release);
            requireNewer(number);
            next = loader.load(release);
            keep(number, file);
        } catch (ReleaseException e) {
            refuse(number, ReleaseFile.digest(file), e);
            return false;
        }
        trial.open(number);
        passLater(number);
        LOG.info("release {} is taken; the workers change", number);
        inForce = next;
        change.to(next);
        return true;
    }

    private void requireMeant(Release release) throws ReleaseException {
        if (release.getSensorsCount() > 0 && !release.getSensorsList().contains(sensor)) {
            throw new ReleaseException(
                    Kind.OTHER_SENSOR,
                    "is for other sensors; sign one that names "
                            + sensor
                            + ", or all, and see that the collector is the right one");
        }
    }

    private void requireNewer(long number) throws ReleaseException {
        if (number <= inForce.release()) {
            throw new ReleaseException(
                    Kind.OLDER,
                    "is not newer than "
                            + inForce.release()
                            + ", which is in force; to go back, sign the former files with a"
                            + " higher number");
        }
    }

    private void requireLived(Release release) throws ReleaseException {
        if (trial.isFailed(release.getNumber())) {
            throw new ReleaseException(
                    Kind.CRASHED,
                    "is set aside: the sensor died "
                            + Trial.ATTEMPTS
                            + " times within "
                            + TRIAL.toMinutes()
                            + " minutes of beginning with it; sign a better one with a higher"
                            + " number, or delete the file trial beside it to try it again");
        }
    }

    private static void requireSize(ReleaseOffer offer) throws ReleaseException {
        if (offer.getSize() <= 0 || offer.getSize() > ReleaseFile.MAX_BYTES) {
            throw new ReleaseException(
                    Kind.MALFORMED,
                    "is said to have "
                            + Integer.toUnsignedString(offer.getSize())
                            + " bytes (expected: 1 to "
                            + ReleaseFile.MAX_BYTES
                            + "); see what the collector's releases.directory holds");
        }
    }

    private void keep(long number, byte[] file) throws ReleaseException {
        try {
            store.keep(number, file, inForce.release());
        } catch (IOException e) {
            throw new ReleaseException(
                    Kind.NOT_KEPT,
                    "cannot be kept on disk: "
                            + e
                            + "; let the sensor's user write to releases.directory",
                    e);
        }
    }

    private void refuse(long number, ByteString digest, ReleaseException why) {
        if (why.kind() != Kind.NOT_KEPT) { // that may mend by itself
            synchronized (refused) {
                refused.add(digest);
                if (refused.size() > REMEMBERED) {
                    refused.remove(refused.iterator().next());
                }
            }
        }
        count(why.kind());
        LOG.warn(
                "refused: release {} {}; the sensor goes on with what it has",
                number > 0 ? number : "of unknown number",
                why.getMessage());
    }

    private void count(Kind kind) {
        refusals(kind, 1);
    }

    private void refusals(Kind kind, int more) {
        String reason = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
        registry.counter(ROOM + "refused", "reason", reason).increment(more);
    }
}
