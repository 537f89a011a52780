package dev.apikeys.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.apikeys.cli");

    @Test
    void program_knowsNoHttp_andNoTables() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.apikeys.servlet..", "dev.apikeys.management..", "jakarta..", "org.jdbi..")
                .check(PROGRAM);
    }

    @Test
    void streamsOfTheProcess_areTakenInOnePlace() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Surroundings")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .accessField(System.class, "in")
                .check(PROGRAM);
    }

    @Test
    void mainClass_isAllThatOthersSee() {
        assertThat(PROGRAM.stream()
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(JavaClass::isTopLevelClass)
                        .map(JavaClass::getSimpleName))
                .containsExactly("ApiKeysCli");
    }
}
