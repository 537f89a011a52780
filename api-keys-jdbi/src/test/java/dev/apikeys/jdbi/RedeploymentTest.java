package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import java.io.File;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** F15: an application that is undeployed leaves no class loader behind. */
@Tag("tr-skip")
@ExtendWith(Figures.class)
class RedeploymentTest {
    /** Loads the library and what it brings along by itself, as the loader of an application does; the rest is shared. */
    private static final class Deployment extends URLClassLoader {
        private static final List<String> OWN = List.of("dev.apikeys.", "org.jdbi.", "com.github.benmanes.");

        Deployment() throws MalformedURLException {
            super(classPath(), RedeploymentTest.class.getClassLoader());
        }

        private static URL[] classPath() throws MalformedURLException {
            List<URL> urls = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                urls.add(new File(entry).toURI().toURL());
            }
            return urls.toArray(URL[]::new);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (OWN.stream().noneMatch(name::startsWith)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }

    /** An application. */
    static final class Application implements Runnable {
        @Override
        public void run() {
            try (H2Database database = H2Database.inMemory();
                    KeyService service = KeyService.builder(JdbiApiKeyStore.create(database.dataSource()))
                            .build()) {
                IssuedKey key = Nodes.issue(service, "alice");
                if (!Nodes.accepts(service, key.token().reveal())) {
                    throw new IllegalStateException("the application does not work");
                }
            }
        }
    }

    private static WeakReference<ClassLoader> deployed() throws Exception {
        try (Deployment loader = new Deployment()) {
            Class<?> type = loader.loadClass(Application.class.getName());
            assertThat(type).isNotSameAs(Application.class);
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            ((Runnable) constructor.newInstance()).run();
            return new WeakReference<>(loader);
        }
    }

    private static long left(List<WeakReference<ClassLoader>> loaders) {
        System.gc();
        return loaders.stream().filter(loader -> loader.get() != null).count();
    }

    private static void redeploy(int times, Figures figures) throws Exception {
        // What H2 makes once for a JVM belongs to whoever asked first: here to nobody who is redeployed.
        new Application().run();
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            loaders.add(deployed());
        }
        // H2 keeps the latest failure that it reported, and with it who was told: here of tables that are not there.
        List<WeakReference<ClassLoader>> earlier = loaders.subList(0, times - 1);
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> left(earlier) == 0);
        figures.count("class loaders left by redeployments", "H2", times - 1, left(earlier));
    }

    @Test
    void application_redeployed_leavesNoClassLoader(Figures figures) throws Exception {
        redeploy(3, figures);
    }

    @Tag("endurance")
    @Test
    void application_redeployedFiftyTimes_leavesNoClassLoader(Figures figures) throws Exception {
        redeploy(50, figures);
    }
}
