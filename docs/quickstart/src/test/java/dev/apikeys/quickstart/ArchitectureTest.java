package dev.apikeys.quickstart;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
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
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The walls between the modules. */
class ArchitectureTest {
    private static final JavaClasses PROJECT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            // Servers and a browser for tests are on the class path, too.
            .withImportOption(location -> !location.contains("/dev/apikeys/testservers/"))
            .importPackages("dev.apikeys");
    private static final JavaClasses LIBRARY = PROJECT.that(not(resideInAPackage(Module.QUICKSTART.packages.get(0))));

    /** Every module: its packages, and the modules that it may know. */
    @SuppressWarnings("ImmutableEnumChecker") // Nobody can change what List.of makes.
    enum Module {
        CORE(List.of("dev.apikeys", "dev.apikeys.mcp", "dev.apikeys.spi", "dev.apikeys.text")),
        PASSWORD4J(List.of("dev.apikeys.password4j"), CORE),
        JDBI(List.of("dev.apikeys.jdbi"), CORE),
        TESTKIT(List.of("dev.apikeys.testkit"), CORE),
        SERVLET(List.of("dev.apikeys.servlet", "dev.apikeys.servlet.internal"), CORE),
        MANAGEMENT(List.of("dev.apikeys.management"), CORE, SERVLET),
        MCP(List.of("dev.apikeys.mcp.servlet"), CORE, SERVLET),
        GATEWAY(List.of("dev.apikeys.gateway"), CORE, SERVLET),
        QUICKSTART(List.of("dev.apikeys.quickstart"), CORE, PASSWORD4J, JDBI, SERVLET, MANAGEMENT, MCP, GATEWAY);

        private final List<String> packages;
        private final List<Module> known;

        Module(List<String> packages, Module... known) {
            this.packages = packages;
            this.known = List.of(known);
        }

        private String[] packagesOfStrangers() {
            return Arrays.stream(values())
                    .filter(other -> other != this && !known.contains(other))
                    .flatMap(other -> other.packages.stream())
                    .toArray(String[]::new);
        }

        private String[] packages() {
            return packages.toArray(String[]::new);
        }
    }

    @Test
    void everyPackage_belongsToAModule() {
        assertThat(PROJECT.stream().map(JavaClass::getPackageName).distinct())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Module.values())
                        .flatMap(module -> module.packages.stream())
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(
            names = {"QUICKSTART"},
            mode = EnumSource.Mode.EXCLUDE)
    void module_knowsNoModuleButThoseThatItMay(Module module) {
        noClasses()
                .that()
                .resideInAnyPackage(module.packages())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(module.packagesOfStrangers())
                .check(PROJECT);
    }

    /** What the three products share is the internal package; the filter itself is a product like the others. */
    @ParameterizedTest
    @EnumSource(names = {"MANAGEMENT", "MCP"})
    void httpProducts_neverSeeEachOther(Module module) {
        noClasses()
                .that()
                .resideInAnyPackage(module.packages())
                .should()
                .dependOnClassesThat(resideInAPackage("dev.apikeys.servlet")
                        .and(not(resideInAnyPackage("dev.apikeys.servlet.internal")))
                        .and(not(JavaClass.Predicates.simpleName("ClientAddress")))
                        .and(not(JavaClass.Predicates.simpleName("Cors")))
                        .and(not(JavaClass.Predicates.simpleName("CredentialPlaces"))))
                .because("of the filter's package, only settings that others take too are known to them")
                .check(PROJECT);
    }

    /** So that nobody gets a library that he has no use for. */
    @ParameterizedTest
    @CsvSource({
        "jakarta.., 'SERVLET,MANAGEMENT,MCP,GATEWAY'",
        "com.fasterxml.., 'MANAGEMENT,MCP,GATEWAY'",
        "org.jdbi.., JDBI",
        "java.sql.., JDBI",
        "javax.sql.., JDBI",
        "org.postgresql.., JDBI",
        "com.password4j.., PASSWORD4J",
        "io.github.bucket4j.., SERVLET",
        "org.junit.., TESTKIT",
        "org.assertj.., TESTKIT"
    })
    void library_isKnownToThoseModulesAlone(String packages, String modules) {
        String[] others = Arrays.stream(Module.values())
                .filter(module -> module != Module.QUICKSTART
                        && !List.of(modules.split(",")).contains(module.name()))
                .flatMap(module -> module.packages.stream())
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAnyPackage(others)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(packages)
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
                .allSatisfy(found -> assertThat(found.isAnnotatedWith(NullMarked.class))
                        .as(found.getName())
                        .isTrue());
    }

    private static final class Modules implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return Arrays.stream(Module.values())
                    .filter(module -> module.packages.contains(type.getPackageName()))
                    .map(module -> SliceIdentifier.of(module.name()))
                    .findFirst()
                    .orElse(SliceIdentifier.ignore());
        }

        @Override
        public String getDescription() {
            return "modules";
        }
    }
}
