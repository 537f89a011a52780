package dev.apikeys.management;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.apikeys.KeyService;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who may know what among the management endpoints. */
@Tag("tr-skip") // Class files know no locale.
class ManagementCodecTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.apikeys.management");

    @Test
    void codecs_knowNeitherServiceNorStoreNorRequest() {
        noClasses()
                .that()
                .areAssignableTo(Codec.class)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(KeyService.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.apikeys.spi", "jakarta.servlet..")
                .check(CLASSES);
    }

    /** So that the rules for what callers send are the same in every family. */
    @Test
    void commands_knowNoJsonAndNoHttp() {
        DescribedPredicate<JavaClass> commands = JavaClass.Predicates.assignableTo(Command.class)
                .or(JavaClass.Predicates.assignableTo(FieldChecks.class))
                .or(JavaClass.Predicates.assignableTo(KeyFields.class))
                .or(JavaClass.Predicates.assignableTo(McpChecks.class))
                .or(JavaClass.Predicates.assignableTo(KeySpecReader.class));
        classes()
                .that(commands)
                .should()
                .onlyDependOnClassesThat(
                        JavaClass.Predicates.resideOutsideOfPackages("jakarta.servlet..", "com.fasterxml.jackson..")
                                .and(DescribedPredicate.not(JavaClass.Predicates.assignableTo(Codec.class))))
                .check(CLASSES);
    }
}
