package dev.apikeys.quickstart;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The walls between the modules. */
class ArchitectureTest {
    private static final String[] CORE = {"dev.apikeys", "dev.apikeys.spi"};
    private static final String JDBI = "dev.apikeys.jdbi..";
    private static final String SERVLET = "dev.apikeys.servlet..";
    private static final String QUICKSTART = "dev.apikeys.quickstart..";

    private static final JavaClasses PROJECT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.apikeys");
    private static final JavaClasses LIBRARY = PROJECT.that(not(resideInAnyPackage(QUICKSTART)));

    @Test
    void everyModule_isLookedAt() {
        Stream.of("dev.apikeys", "dev.apikeys.spi", "dev.apikeys.jdbi", "dev.apikeys.servlet", "dev.apikeys.quickstart")
                .forEach(name ->
                        assertThat(PROJECT.containPackage(name)).as(name).isTrue());
    }

    @Test
    void core_knowsNeitherTheOthersNorHttpJsonOrSql() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        JDBI,
                        SERVLET,
                        QUICKSTART,
                        "jakarta..",
                        "com.fasterxml..",
                        "org.jdbi..",
                        "java.sql..",
                        "javax.sql..")
                .check(PROJECT);
    }

    @Test
    void jdbiAndServlet_neverSeeEachOther() {
        noClasses()
                .that()
                .resideInAPackage(JDBI)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SERVLET, QUICKSTART)
                .check(PROJECT);
        noClasses()
                .that()
                .resideInAPackage(SERVLET)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(JDBI, QUICKSTART)
                .check(PROJECT);
    }

    @Test
    void modules_areFreeOfCycles() {
        slices().assignedFrom(new Modules()).should().beFreeOfCycles().check(PROJECT);
    }

    @Test
    void library_neverPrints() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(LIBRARY);
    }

    @Test
    void everyPackage_isNullMarked() {
        List<JavaPackage> packages =
                PROJECT.stream().map(JavaClass::getPackage).distinct().toList();

        assertThat(packages)
                .hasSizeGreaterThanOrEqualTo(5)
                .allSatisfy(found -> assertThat(found.isAnnotatedWith(NullMarked.class))
                        .as(found.getName())
                        .isTrue());
    }

    /** The core's two packages belong together; every other package is a module of its own. */
    private static final class Modules implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(List.of(CORE).contains(type.getPackageName()) ? "core" : type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "modules";
        }
    }
}
