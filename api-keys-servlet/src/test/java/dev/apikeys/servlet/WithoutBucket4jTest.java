package dev.apikeys.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.servlet.RateLimit.Decision;
import dev.apikeys.testservers.FilterKeys;
import dev.apikeys.testservers.Http;
import dev.apikeys.testservers.Probe;
import dev.apikeys.testservers.ServletServer;
import dev.apikeys.testservers.ServletServer.Container;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bucket4j is optional: the filter runs without it, also with other rate limits. */
@Tag("tr-skip") // A class path knows no locale.
class WithoutBucket4jTest {
    @Test
    void oneClass_knowsBucket4j() {
        ArchRuleDefinition.noClasses()
                .that()
                .doNotBelongToAnyOf(Bucket4jRateLimit.class)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.bucket4j..")
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.apikeys"));
    }

    @Test
    void filter_runsWhereBucket4jIsNotOnTheClassPath() throws Exception {
        try (URLClassLoader without = new URLClassLoader(classPathWithoutBucket4j(), parent())) {
            assertThatThrownBy(() -> without.loadClass("io.github.bucket4j.Bucket"))
                    .isInstanceOf(ClassNotFoundException.class);
            Class<?> host = without.loadClass(Host.class.getName());
            assertThat(host).isNotSameAs(Host.class);

            Object statuses = ((Callable<?>) host.getDeclaredConstructor().newInstance()).call();

            assertThat(statuses).isEqualTo(List.of(200, 200, 200, 429));
        }
    }

    private static ClassLoader parent() {
        return ClassLoader.getPlatformClassLoader();
    }

    private static URL[] classPathWithoutBucket4j() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.contains("bucket4j")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return urls.toArray(URL[]::new);
    }

    /** Runs inside the other class loader: one filter without a limit, one with a limit of its own. */
    public static final class Host implements Callable<List<Integer>> {
        @Override
        public List<Integer> call() throws Exception {
            List<Integer> statuses = new ArrayList<>();
            try (KeyService keys = KeyService.builder(new InMemoryApiKeyStore()).build()) {
                String token = FilterKeys.issue(
                                keys, KeySpec.forUser("alice", "org_1").mode(Mode.READ))
                        .token()
                        .reveal();
                RateQuota quota = RateQuota.perSecond(1);
                AtomicInteger left = new AtomicInteger(1);
                RateLimit own = principal -> left.getAndDecrement() > 0
                        ? new Decision.Allowed(quota, 0, Duration.ofSeconds(1))
                        : new Decision.Refused(quota, Duration.ofSeconds(1));
                ApiKeyFilterBuilder plain = ApiKeyFilter.builder(keys).requireKey("*", "/**");
                statuses.addAll(twice(plain.build(), token));
                statuses.addAll(twice(plain.rateLimit(own).build(), token));
            }
            return statuses;
        }

        private static List<Integer> twice(ApiKeyFilter filter, String token) throws Exception {
            try (ServletServer server = ServletServer.in(Container.JETTY)
                    .filter(filter, "/*")
                    .servlet(new Probe(), "/*")
                    .start()) {
                return List.of(
                        Http.get(server.uri("/x"), "X-API-Key", token).statusCode(),
                        Http.get(server.uri("/x"), "X-API-Key", token).statusCode());
            }
        }
    }
}
