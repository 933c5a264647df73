package minewatch.collector;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The shape of the collector, as DESIGN draws it: the hit's way is the order of the rooms, and
/// imports point upstream.
class ArrowsTest {
    private static final List<String> WAY =
            List.of("accept", "attribute", "ledger", "report", "web");

    /// The collector and what it is made from; tests are free to look everywhere.
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
    void sensorAndCollectorNeverImportEachOther() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("minewatch.sensor..", "minewatch.signatures..")
                .check(CLASSES);
    }

    @Test
    void thereIsNoSqlOutsideLedgerAndReport() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        room("accept") + "..", room("attribute") + "..", room("web") + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "com.zaxxer..")
                .check(CLASSES);
    }

    private static String room(String name) {
        return "minewatch.collector." + name;
    }
}
