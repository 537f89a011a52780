package dev.apikeys.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ReducedMotion;
import dev.apikeys.testservers.Chromium;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page without a mouse, with large text, and without motion. */
@Tag("tr-skip") // The browser has a language of its own.
class PageKeyboardTest {
    private static final String FOCUSED = """
            () => {
              const root = document.querySelector('api-keys').shadowRoot;
              const at = root.activeElement;
              const label = at?.labels?.[0] ?? root.getElementById(at?.getAttribute('aria-labelledby'));
              return at === null ? '' : at.getAttribute('aria-label') ?? label?.textContent ?? at.textContent;
            }""";

    private static final PeopleHost HOST = new PeopleHost();

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @AfterAll
    static void stop() {
        HOST.close();
    }

    @AfterEach
    void release() {
        HOST.answers.release();
    }

    private static PageVisit visit(ManagedFamily family, String who) {
        return PageVisit.of(CHROMIUM, HOST.of(family), family, who).open();
    }

    private static void press(PageVisit visit, String key) {
        visit.page.keyboard().press(key);
    }

    private static String focused(PageVisit visit) {
        return (String) visit.page.evaluate(FOCUSED);
    }

    /** What gets the focus, by this many tabulators. */
    private static List<String> tabs(PageVisit visit, int count) {
        List<String> names = new ArrayList<>();
        for (int tab = 0; tab < count; tab++) {
            press(visit, "Tab");
            names.add(focused(visit));
        }
        return names;
    }

    @Test
    void list_isWalkedThrough_asItIsRead() {
        try (PageVisit visit = visit(ManagedFamily.PERSONAL, PeopleHost.MIA)) {
            assertThat(visit.heading("CRM production")).isVisible();

            assertThat(tabs(visit, 9))
                    .containsExactly(
                            "Create key",
                            "Search keys",
                            "Status",
                            "Rotate Nightly report",
                            "Edit Nightly report",
                            "Pause Nightly report",
                            "Activity Nightly report",
                            "Revoke Nightly report",
                            "Rotate Zapier");
        }
    }

    @Test
    void key_isCreatedAndStored_andTheFocusReturns() {
        try (PageVisit visit = visit(ManagedFamily.PERSONAL, "keyboard@acme")) {
            assertThat(visit.heading("No keys yet")).isVisible();
            press(visit, "Tab");
            press(visit, "Enter");
            assertThat(visit.inDialog(AriaRole.TEXTBOX, "Name")).isFocused();
            visit.page.keyboard().type("CRM");
            assertThat(tabs(visit, 1)).containsExactly("Read only");
            press(visit, "ArrowDown");
            assertThat(focused(visit)).isEqualTo("Read and change");
            assertThat(tabs(visit, 3)).containsExactly("Expires", "Allowed addresses", "Your password");
            visit.page.keyboard().type(ManagementWorld.PASSWORD);
            press(visit, "Enter");

            assertThat(visit.inDialog(AriaRole.BUTTON, "Copy")).isFocused();
            assertThat(tabs(visit, 1)).containsExactly(".env");
            press(visit, "ArrowRight");
            assertThat(visit.inDialog(AriaRole.TAB, "curl")).hasAttribute("aria-selected", "true");
            assertThat(tabs(visit, 3)).containsExactly("Copy lines", "curl", "I have stored it");
            press(visit, "Enter");

            assertThat(visit.status("CRM is created.")).isVisible();
            assertThat(visit.page.getByRole(AriaRole.LISTITEM)).containsText("Read and change");
            assertThat(visit.button("Create key")).isFocused();
        }
    }

    @Test
    void dialogThatIsCancelled_givesTheFocusBack() {
        try (PageVisit visit = visit(ManagedFamily.PERSONAL, PeopleHost.MIA)) {
            for (String action : List.of("Rotate", "Edit", "Activity", "Revoke")) {
                visit.button(action + " Zapier").focus();
                press(visit, "Enter");
                assertThat(visit.dialog()).isVisible();
                press(visit, "Escape");
                assertThat(visit.dialog()).hasCount(0);
                assertThat(visit.button(action + " Zapier")).isFocused();
            }
        }
    }

    @Test
    void stateThatIsTriedAgain_keepsTheFocusInThePage() {
        HOST.answers.answer("GET", ".*/settings", 503);
        try (PageVisit visit = visit(ManagedFamily.PERSONAL, PeopleHost.MIA)) {
            visit.button("Try again").focus();
            press(visit, "Enter");
            assertThat(visit.button("Try again")).isFocused();

            HOST.answers.release();
            press(visit, "Enter");
            assertThat(visit.heading("Your API keys")).isFocused();
        }
    }

    @Test
    void administrator_selectsAndScrolls() {
        try (PageVisit visit = visit(ManagedFamily.ADMINISTRATION, PeopleHost.ROOT)) {
            assertThat(visit.page.getByRole(AriaRole.TABLE)).isVisible();
            assertThat(tabs(visit, 5)).containsExactly("Search keys", "Owner", "Status", "Select all loaded", "Keys");
            press(visit, "End");
            assertThat(visit.page.getByText("of 180")).hasText(Pattern.compile("^\\d+–180 of 180$"));
            press(visit, "Home");
            assertThat(visit.page.getByText("of 180")).hasText(Pattern.compile("^1–\\d+ of 180$"));
            assertThat(tabs(visit, 1).get(0)).startsWith("Select ");
            press(visit, "Space");
            assertThat(visit.status("1 key selected")).isVisible();
            assertThat(focused(visit)).startsWith("Select ");
        }
    }

    @Test
    void search_isAnnounced() {
        try (PageVisit visit = visit(ManagedFamily.PERSONAL, PeopleHost.MIA)) {
            assertThat(visit.status("5 keys")).isVisible();
            visit.search("Search keys", "report");
            assertThat(visit.status("1 key")).isVisible();
            visit.page
                    .getByRole(AriaRole.COMBOBOX, new Page.GetByRoleOptions().setName("Status"))
                    .selectOption("revoked");
            assertThat(visit.status("No key matches.")).isVisible();
        }
    }

    @Test
    void textOfDoubleSize_fits() {
        try (PageVisit visit = visit(ManagedFamily.PERSONAL, PeopleHost.MIA)) {
            visit.page.setViewportSize(640, 720);
            visit.page.evaluate("document.documentElement.style.setProperty('font-size', '200%')");
            assertThat(visit.heading("CRM production")).isVisible();
            assertThat(visit.tooWide()).isEmpty();
            visit.button("Edit CRM production").click();
            assertThat(visit.inDialog(AriaRole.BUTTON, "Save")).isVisible();
            assertThat(visit.tooWide()).isEmpty();
        }
    }

    @Test
    void motion_isLeftOutOnRequest() {
        String animation = "element => getComputedStyle(element.shadowRoot.querySelector('dialog')).animationName";
        try (PageVisit visit = visit(ManagedFamily.PERSONAL, PeopleHost.MIA)) {
            visit.button("Revoke Zapier").click();
            assertThat(visit.element(animation)).isEqualTo("rise");
            visit.page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
            assertThat(visit.element(animation)).isEqualTo("none");
        }
    }
}
