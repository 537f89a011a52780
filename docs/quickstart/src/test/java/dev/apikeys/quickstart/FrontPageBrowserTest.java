package dev.apikeys.quickstart;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.testservers.Chromium;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a new user does on the front page, in a real Chromium and without curl. Controls are found as people find them. */
class FrontPageBrowserTest {
    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    private final List<String> failures = new CopyOnWriteArrayList<>();
    private Quickstart quickstart;
    private BrowserContext context;
    private Page page;

    @BeforeEach
    void start() throws Exception {
        Settings settings = Settings.inDirectory(Path.of("never-used")).onPort(0);
        quickstart = Quickstart.start(settings.database("jdbc:h2:mem:" + UUID.randomUUID()));
        context = CHROMIUM.browser()
                .newContext(new Browser.NewContextOptions()
                        .setLocale("en-US")
                        .setPermissions(List.of("clipboard-read", "clipboard-write")));
        page = context.newPage();
        page.onPageError(failures::add);
        // What the policy for content forbids is told here. So are answers that are no success, which are expected.
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                failures.add(message.text());
            }
        });
    }

    @AfterEach
    void stop() {
        context.close();
        quickstart.close();
    }

    private void login(String name) {
        page.navigate("http://127.0.0.1:" + quickstart.port() + "/");
        page.getByLabel("User").fill(name);
        page.getByLabel("Password").fill(name + "-password");
        button("Log in").click();
    }

    private Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private Locator heading(String name) {
        return page.getByRole(
                AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private Locator inDialog(AriaRole role, String name) {
        return page.getByRole(AriaRole.DIALOG)
                .getByRole(role, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    /** The token that the dialog shows, which is then stored. */
    private String stored() {
        String token = inDialog(AriaRole.TEXTBOX, "Your new key").inputValue();
        inDialog(AriaRole.BUTTON, "I have stored it").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
        return token;
    }

    /** Uses the key by the form of the front page, and expects this status. */
    private void use(String token, int status) {
        page.getByLabel("API key", new Page.GetByLabelOptions().setExact(true)).fill(token);
        button("Call the API").click();
        assertThat(page.getByRole(AriaRole.STATUS).filter(new Locator.FilterOptions().setHasText(status + "\n{")))
                .hasCount(1);
    }

    @Test
    void newUser_makesCopiesUsesRotatesAndRevokesAKey() {
        login("alice");
        assertThat(heading("No keys yet")).isVisible();

        button("Create key").first().click();
        inDialog(AriaRole.TEXTBOX, "Name").fill("CRM");
        inDialog(AriaRole.TEXTBOX, "Your password").fill("alice-password");
        inDialog(AriaRole.BUTTON, "Create key").click();
        inDialog(AriaRole.BUTTON, "Copy").click();
        String first = stored();
        assertThat(page.evaluate("navigator.clipboard.readText()")).isEqualTo(first);
        use(first, 200);

        button("Rotate CRM").click();
        inDialog(AriaRole.COMBOBOX, "The old key keeps working for").selectOption("0");
        inDialog(AriaRole.TEXTBOX, "Your password").fill("alice-password");
        inDialog(AriaRole.BUTTON, "Rotate").click();
        String second = stored();
        use(first, 401);
        use(second, 200);

        quickstart.keys().flush(); // Now the page knows that the key was used, and asks for its name.
        page.reload();
        button("Revoke CRM").click();
        inDialog(AriaRole.TEXTBOX, "Type CRM to confirm").fill("CRM");
        inDialog(AriaRole.BUTTON, "Revoke key").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
        use(second, 401);

        button("Log out").click();
        assertThat(button("Log in")).isVisible();
        assertThat(failures).isEmpty();
    }

    @Test
    void eachRole_seesItsKeys() {
        quickstart
                .keys()
                .issue(KeySpec.forUser("carol", "org_b").named("Carol's").mode(Mode.READ));
        login("alice");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Keys of your organization"))
                .click();
        assertThat(heading("No keys yet")).isVisible();
        button("Log out").click();

        login("root");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Everybody's keys"))
                .click();
        assertThat(page.getByRole(
                        AriaRole.SEARCHBOX,
                        new Page.GetByRoleOptions().setName("Search keys").setExact(true)))
                .isVisible();
        assertThat(page.getByRole(AriaRole.TABLE)).containsText("Carol's");
        assertThat(failures).isEmpty();
    }

    @Test
    void session_thatHasEnded_leadsToTheForm() {
        login("alice");
        assertThat(heading("No keys yet")).isVisible();
        context.clearCookies();
        button("Create key").first().click();
        inDialog(AriaRole.TEXTBOX, "Name").fill("CRM");
        inDialog(AriaRole.TEXTBOX, "Your password").fill("alice-password");
        inDialog(AriaRole.BUTTON, "Create key").click();
        assertThat(button("Log in")).isVisible();
    }

    @Test
    void wrongPassword_isToldAndReadAloud() {
        page.navigate("http://127.0.0.1:" + quickstart.port() + "/");
        page.getByLabel("User").fill("alice");
        page.getByLabel("Password").fill("bob-password");
        button("Log in").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("wrong username or password");
        assertThat(failures).isEmpty();
    }
}
