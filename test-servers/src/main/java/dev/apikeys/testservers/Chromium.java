package dev.apikeys.testservers;

import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * The Chromium of this machine, without a window, as an extension of JUnit: one for all tests of a process, started before the
 * first of them and ended behind the last. Without one the tests are skipped, or fail where one has to be there. It belongs to
 * the thread that runs the tests.
 */
public final class Chromium implements BeforeAllCallback {
    private static final System.Logger LOG = System.getLogger(Chromium.class.getName());
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    private @Nullable Running running;

    /** The program and what drives it. */
    private record Running(Playwright playwright, Browser browser) implements AutoCloseable {
        @Override
        public void close() {
            browser.close();
            playwright.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        running = context.getRoot()
                .getStore(Namespace.GLOBAL)
                .getOrComputeIfAbsent(Running.class, first -> start(), Running.class);
    }

    private static Running start() {
        Path program = installed().orElseThrow(Chromium::missing);
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        try {
            boolean root = "root".equals(System.getProperty("user.name"));
            return new Running(
                    playwright,
                    playwright
                            .chromium()
                            .launch(new BrowserType.LaunchOptions()
                                    .setExecutablePath(program)
                                    // Chromium refuses to be root inside its sandbox.
                                    .setArgs(root ? List.of("--no-sandbox") : List.of())));
        } catch (RuntimeException notStarted) {
            playwright.close();
            throw notStarted;
        }
    }

    private static Optional<Path> installed() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static RuntimeException missing() {
        String message = "SKIPPED: none of " + String.join(", ", NAMES) + " is on the PATH";
        if (Boolean.getBoolean("chromium.required")) {
            throw new AssertionError(message + ", and -Dchromium.required=true wants one");
        }
        LOG.log(System.Logger.Level.WARNING, message);
        return abort(message);
    }

    public Browser browser() {
        return Objects.requireNonNull(running, "no test has begun").browser();
    }
}
