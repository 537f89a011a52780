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
import java.util.Optional;
import java.util.stream.Stream;

/** The Chromium of this machine, without a window. Belongs to the thread that started it. */
public final class Chromium implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Starts it; without one the test is skipped, or fails where one has to be there. */
    public static Chromium start() {
        Path program = installed().orElseThrow(Chromium::missing);
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        try {
            boolean root = "root".equals(System.getProperty("user.name"));
            return new Chromium(
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
        System.out.println(message);
        return abort(message);
    }

    public Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
