package dev.apikeys;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/** What the core may use, and where. */
@ArchTag("tr-skip") // Class files know no locale.
@AnalyzeClasses(
        packages = "dev.apikeys",
        importOptions = {DoNotIncludeTests.class})
class ArchitectureTest {
    @ArchTest
    static final ArchRule core_knowsNoHttpNoJsonNoSql = classes()
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "dev.apikeys..",
                    "java.lang..",
                    "java.io",
                    "java.net",
                    "java.nio..",
                    "java.security",
                    "java.time..",
                    "java.util..",
                    "javax.crypto..",
                    "org.slf4j",
                    "org.jspecify.annotations",
                    "com.github.benmanes.caffeine.cache",
                    ""));

    @ArchTest
    static final ArchRule bytes_areComparedInConstantTime = noClasses()
            .that()
            .doNotHaveSimpleName("IpRange")
            .should()
            .callMethod(Arrays.class, "equals", byte[].class, byte[].class)
            .orShould()
            .callMethod(Arrays.class, "compare", byte[].class, byte[].class)
            .orShould()
            .callMethod(Arrays.class, "mismatch", byte[].class, byte[].class)
            .because("a comparison that ends at the first difference tells where it is (threat T10)");

    @ArchTest
    static final ArchRule secrets_areComparedInConstantTime = classes()
            .that()
            .haveNameMatching(".*[.$](SecretHasher|Password)|dev\\.apikeys\\.Token")
            .should()
            .callMethod(MessageDigest.class, "isEqual", byte[].class, byte[].class);

    @ArchTest
    static final ArchRule randomness_isSecure = noClasses()
            .should()
            .accessClassesThat(belongToAnyOf(Random.class, SplittableRandom.class, ThreadLocalRandom.class))
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callConstructor(SecureRandom.class, byte[].class)
            .orShould()
            .callMethod(SecureRandom.class, "setSeed", long.class)
            .because("ids and secrets must not be guessed (threat T47)");

    @ArchTest
    static final ArchRule time_comesInFromOutside = noClasses()
            .that()
            // The builder and the in-memory store have the system's clocks as defaults; the poller really waits.
            .doNotHaveSimpleName("KeyServiceBuilder")
            .and()
            .doNotHaveSimpleName("InMemoryApiKeyStore")
            .and()
            .doNotHaveSimpleName("Poller")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule console_isTheHosts = noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace");

    @ArchTest
    static final ArchRule environment_isTheHosts = noClasses()
            .should()
            .callMethod(System.class, "getProperty", String.class)
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "exit", int.class);

    @ArchTest
    static final ArchRule locale_isAlwaysNamed = noClasses()
            .should()
            .callMethod(String.class, "toLowerCase")
            .orShould()
            .callMethod(String.class, "toUpperCase")
            .orShould()
            .callMethod(String.class, "equalsIgnoreCase", String.class)
            .orShould()
            .callMethod(String.class, "format", String.class, Object[].class)
            .orShould()
            .callMethod(String.class, "formatted", Object[].class)
            .because("the Turkish I is another one (threat T36)");

    @ArchTest
    static final ArchRule names_areNeverResolved =
            noClasses().that().doNotHaveSimpleName("IpAddress").should().dependOnClassesThat(type(InetAddress.class));

    @ArchTest
    static final ArchRule names_sayWhatAThingIs = noClasses()
            .should()
            .haveNameMatching(".*(Impl|Util|Utils|Helper|Manager|Abstract[A-Z]\\w*)")
            .orShould()
            .haveNameMatching(".*\\.Abstract\\w*");

    @ArchTest
    static final ArchRule spi_needsOnlyWhatOthersCanSee = classes()
            .that()
            .resideInAPackage("dev.apikeys.spi")
            .should()
            .onlyDependOnClassesThat(not(resideInAPackage("dev.apikeys.."))
                    .or(modifier(JavaModifier.PUBLIC).forSubtype())
                    // What a factory method of the package gives stands in no signature, nor does what a default does.
                    .or(nameMatching(".*\\.spi\\.(SeparatedTokens|StepUpByField|KeyImports).*")
                            .forSubtype()));

    @ArchTest
    static final ArchRule state_isNeverStatic =
            fields().that().areStatic().should().beFinal();

    @ArchTest
    static final ArchRule publicClasses_areFinalOrMadeForOthers = classes()
            .that()
            .arePublic()
            .and()
            .areNotInterfaces()
            .should()
            .haveModifier(JavaModifier.FINAL)
            .orShould()
            .beEnums()
            .orShould()
            .haveSimpleName(ApiKeyException.class.getSimpleName());
}
