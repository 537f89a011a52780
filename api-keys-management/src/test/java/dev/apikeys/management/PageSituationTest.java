package dev.apikeys.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.ScreenshotAnimations;
import dev.apikeys.testservers.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every state of the page: for everybody, in both themes, on every screen, and in a picture. */
@Tag("tr-skip") // The browser has a language of its own.
class PageSituationTest {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 720;
    private static final int NARROW = 320;

    private static final PeopleHost HOST = new PeopleHost();

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @AfterAll
    static void stop() throws IOException {
        HOST.close();
        if (PagePictures.areTaken()) {
            PagePictures.finish();
        }
    }

    @AfterEach
    void release() {
        HOST.answers.release();
    }

    @ParameterizedTest
    @EnumSource
    void situation_isForEverybody_inBothThemes_andOnNarrowScreens(PageSituation situation) throws IOException {
        ManagementWorld world = HOST.of(situation.family);
        try (PageVisit visit = PageVisit.of(CHROMIUM, world, situation.family, situation.who)) {
            visit.page.setViewportSize(WIDTH, HEIGHT);
            situation.enter(visit, HOST);

            byte[] light = seen(visit, ColorScheme.LIGHT);
            byte[] dark = seen(visit, ColorScheme.DARK);
            theme(visit, ColorScheme.LIGHT);
            visit.page.setViewportSize(NARROW, HEIGHT);
            assertThat(visit.tooWide()).isEmpty();

            assertThat(visit.failures).isEmpty();
            assertThat(visit.forbidden()).isEmpty();
            if (PagePictures.areTaken()) {
                PagePictures.write(situation.file(), light, dark, picture(visit));
                if (situation == PageSituation.LIST) {
                    PagePictures.write(PagePictures.SCREENSHOT, light);
                }
            }
        }
    }

    private static byte[] seen(PageVisit visit, ColorScheme theme) {
        theme(visit, theme);
        assertThat(Axe.violations(visit.page)).as("in %s", theme).isEmpty();
        return PagePictures.areTaken() ? picture(visit) : new byte[0];
    }

    /** Without motion, so that nothing is measured or pictured half-way. */
    private static void theme(PageVisit visit, ColorScheme theme) {
        visit.page.emulateMedia(
                new Page.EmulateMediaOptions().setColorScheme(theme).setReducedMotion(ReducedMotion.REDUCE));
    }

    private static byte[] picture(PageVisit visit) {
        return visit.page.screenshot(new Page.ScreenshotOptions().setAnimations(ScreenshotAnimations.DISABLED));
    }

    @Test
    void pictures_areOfThisCode() throws IOException {
        if (PagePictures.areTaken()) {
            return;
        }
        assertThat(PagePictures.takenOf())
                .as("the page has changed since its pictures were taken; take them again, and look at them:"
                        + " ./mvnw test -pl api-keys-management -am -Dtest=PageSituationTest -Dpage.pictures=take")
                .isEqualTo(PagePictures.fingerprint());
    }

    @Test
    void pictures_areOneForEachSituation_andAreListed() throws IOException {
        if (PagePictures.areTaken()) {
            return;
        }
        List<String> expected = Stream.concat(
                        Arrays.stream(PageSituation.values()).map(PageSituation::file),
                        Stream.of(PagePictures.SCREENSHOT))
                .map(name -> name + ".png")
                .sorted()
                .toList();
        try (Stream<Path> files = Files.list(PagePictures.FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".png"))
                            .sorted())
                    .isEqualTo(expected);
        }
        assertThat(PagePictures.FOLDER.resolve("README.md")).hasContent(PagePictures.index());
    }
}
