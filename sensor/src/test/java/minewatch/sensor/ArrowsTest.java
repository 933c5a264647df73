package minewatch.sensor;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import minewatch.sensor.command.ExplainCommand;
import minewatch.sensor.command.ScanCommand;
import org.junit.jupiter.api.Test;

/// The shape of the sensor, as DESIGN draws it: the packet's way is the order of the rooms, and
/// imports point upstream.
class ArrowsTest {
    private static final List<String> WAY =
            List.of("capture", "decode", "flow", "inspect", "rollup", "spool", "uplink", "output");

    /// The sensor and what it is made from; tests are free to look everywhere.
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("minewatch");

    @Test
    void theRoomsAreThere() {
        // The rules below hold for an empty room as well; this one does not.
        for (var name : WAY) {
            assertThat(
                            CLASSES.that(
                                    resideInAPackage(room(name) + "..")
                                            .and(not(simpleName("package-info")))))
                    .as(name)
                    .isNotEmpty();
        }
    }

    @Test
    void importsPointUpstream() {
        for (int i = 0; i < WAY.size(); i++) {
            for (var later : WAY.subList(i + 1, WAY.size())) {
                noClasses()
                        .that()
                        .resideInAPackage(room(WAY.get(i)) + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(room(later) + "..")
                        .check(CLASSES);
            }
        }
    }

    @Test
    void whatTheSensorIsMadeFromDoesNotKnowTheSensor() {
        noClasses()
                .that()
                .resideOutsideOfPackage("minewatch.sensor..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("minewatch.sensor..")
                .check(CLASSES);
    }

    @Test
    void sensorAndCollectorNeverImportEachOther() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("minewatch.collector..")
                .check(CLASSES);
    }

    @Test
    void signaturesArePure() {
        noClasses()
                .that()
                .resideInAPackage("minewatch.signatures..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("minewatch.feed..", "java.util.concurrent..", "org.slf4j..")
                .check(CLASSES);
    }

    @Test
    void hotRoomsNeitherLogNorLock() {
        noClasses()
                .that()
                .resideInAnyPackage(room("decode") + "..", room("flow") + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.slf4j..",
                        "java.util.logging..",
                        "java.util.concurrent.locks..",
                        "com.github.benmanes..")
                .check(CLASSES);
    }

    @Test
    void roomsBeforeSpoolDoNotTalkToTheNetwork() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        WAY.subList(0, WAY.indexOf("spool")).stream()
                                .map(room -> room(room) + "..")
                                .toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..", "io.netty..")
                .check(CLASSES);
    }

    /// The launcher starts them with these libraries only (`scan_jars`).
    @Test
    void scanAndExplainNeedFewLibraries() {
        noClasses()
                .that(belongToAnyOf(ScanCommand.class, ExplainCommand.class))
                .should()
                .transitivelyDependOnClassesThat(
                        resideOutsideOfPackages(
                                "minewatch..",
                                "java..",
                                "javax.crypto..",
                                "org.jspecify..",
                                "picocli..",
                                "com.fasterxml.jackson..",
                                "org.yaml.snakeyaml..",
                                "com.google.protobuf..",
                                "com.github.benmanes.caffeine..",
                                "com.github.luben.zstd.."))
                .check(CLASSES);
    }

    private static String room(String name) {
        return "minewatch.sensor." + name;
    }
}
