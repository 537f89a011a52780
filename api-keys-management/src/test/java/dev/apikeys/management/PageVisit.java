package dev.apikeys.management;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import dev.apikeys.testservers.Chromium;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Somebody who is logged in, or nobody, with the ready page of a host open. Controls are found as people find them. */
final class PageVisit implements AutoCloseable {
    /** Notes what the browser forbids, what the element tells its application, and when it was ready. */
    private static final String WITNESS = """
            window.forbidden = [];
            addEventListener('securitypolicyviolation', (event) =>
              forbidden.push(`${event.effectiveDirective} ${event.blockedURI}`));
            window.heard = [];
            for (const name of EVENTS) {
              addEventListener(name, (event) => heard.push(`${name} ${event.detail.name ?? event.detail.kind ?? event.detail.family ?? ''}`.trim()));
            }
            addEventListener('loaded', () => { window.loadedAt ??= performance.now(); });
            """;

    /** What the element tells its application. */
    static final List<String> EVENTS = List.of(
            "loaded", "created", "rotated", "changed", "paused", "resumed", "revoked", "failed", "unauthorized");

    final Page page;

    /** Exceptions that no code of the page caught. */
    final List<String> failures = new ArrayList<>();

    private final BrowserContext context;
    private final ManagementWorld host;
    private final ManagedFamily family;
    private @Nullable CDPSession journey;

    private PageVisit(BrowserContext context, ManagementWorld host, ManagedFamily family) {
        this.context = context;
        this.host = host;
        this.family = family;
        this.page = context.newPage();
        page.onPageError(failures::add);
        // Playwright's driver reports answers only from when somebody listens. One who begins to wait for an answer
        // that is on its way already could miss it.
        page.onResponse(unused -> {});
        page.addInitScript("const EVENTS = "
                + EVENTS.stream().map(name -> "'" + name + "'").toList() + ";" + WITNESS);
    }

    /** Opens a browser's context; the clock of the page is that of the host. */
    static PageVisit of(Chromium chromium, ManagementWorld host, ManagedFamily family, String who) {
        return in(settings().setTimezoneId("UTC"), chromium, host, family, who);
    }

    /** The same for somebody who travels: the time zone is set by {@link #arriveIn}. */
    static PageVisit traveller(Chromium chromium, ManagementWorld host, ManagedFamily family, String who) {
        return in(settings(), chromium, host, family, who);
    }

    private static Browser.NewContextOptions settings() {
        return new Browser.NewContextOptions()
                .setLocale("en-US")
                .setPermissions(List.of("clipboard-read", "clipboard-write"));
    }

    private static PageVisit in(
            Browser.NewContextOptions settings,
            Chromium chromium,
            ManagementWorld host,
            ManagedFamily family,
            String who) {
        BrowserContext context = chromium.browser().newContext(settings);
        if (!who.isEmpty()) {
            context.addCookies(List.of(
                    new Cookie("session", who).setUrl(host.server.uri("").toString())));
        }
        return new PageVisit(context, host, family);
    }

    /** Another tab of the same browser. */
    PageVisit anotherTab() {
        return new PageVisit(context, host, family).open();
    }

    PageVisit open() {
        page.clock().setFixedTime(Date.from(host.clock.instant()));
        page.navigate(host.server.uri(family.mount + "/page/").toString());
        return this;
    }

    /** Adds a language by an object, as an application does. */
    void addLanguage(String tag, Map<String, Object> texts) {
        page.evaluate(
                "async ([module, tag, texts]) => (await import(module)).addLanguage(tag, texts)",
                List.of(module(), tag, texts));
    }

    /** Opens the page with the clock of this machine, so that time can be measured. */
    PageVisit openAtPresent() {
        page.navigate(host.server.uri(family.mount + "/page/").toString());
        return this;
    }

    /** Waits until the element has read the list after something was done elsewhere. */
    void listedAgain(Runnable done) {
        page.waitForResponse(response -> response.url().contains(family.mount + "?"), done);
    }

    /** Changes the time zone of the reader. */
    void arriveIn(String zone) {
        if (journey == null) {
            journey = context.newCDPSession(page);
        }
        JsonObject there = new JsonObject();
        there.addProperty("timezoneId", zone);
        journey.send("Emulation.setTimezoneOverride", there);
    }

    String module() {
        return host.server.uri(family.mount + "/page/api-keys.js").toString();
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator dialog() {
        return page.getByRole(AriaRole.DIALOG);
    }

    Locator inDialog(AriaRole role, String name) {
        return dialog().getByRole(
                        role, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator heading(String name) {
        return page.getByRole(
                AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator status(String text) {
        return page.getByRole(AriaRole.STATUS).filter(new Locator.FilterOptions().setHasText(text));
    }

    void search(String field, String text) {
        page.getByRole(
                        AriaRole.SEARCHBOX,
                        new Page.GetByRoleOptions().setName(field).setExact(true))
                .fill(text);
    }

    /** Fills in what a new key needs, and sends it. */
    void submitCreate(String name) {
        button("Create key").first().click();
        inDialog(AriaRole.TEXTBOX, "Name").fill(name);
        inDialog(AriaRole.TEXTBOX, "Your password").fill(ManagementWorld.PASSWORD);
        inDialog(AriaRole.BUTTON, "Create key").click();
    }

    /** Creates a key as far as its token is shown, and gives the token. */
    String create(String name) {
        submitCreate(name);
        return inDialog(AriaRole.TEXTBOX, "Your new key").inputValue();
    }

    /** Selects three keys of an administrator's list. */
    void selectSome() {
        Locator boxes = page.getByRole(AriaRole.CHECKBOX, new Page.GetByRoleOptions().setDisabled(false));
        for (int box = 0; box < 3; box++) {
            boxes.nth(box).check();
        }
    }

    void revokeSelected() {
        button("Revoke 3 keys").click();
        inDialog(AriaRole.TEXTBOX, "Type 3 to confirm").fill("3");
        inDialog(AriaRole.BUTTON, "Revoke 3 keys").click();
    }

    void offline() {
        context.setOffline(true);
    }

    void online() {
        context.setOffline(false);
    }

    /** Sets an attribute of the element. */
    void set(String attribute, String value) {
        page.locator("api-keys")
                .evaluate("(element, [name, value]) => element.setAttribute(name, value)", List.of(attribute, value));
    }

    /** Runs a function of the element. */
    Object element(String function) {
        return page.locator("api-keys").evaluate(function);
    }

    /** What the element told its application. */
    List<?> heard() {
        return (List<?>) page.evaluate("heard");
    }

    /** What the policy for content forbade. */
    List<?> forbidden() {
        return (List<?>) page.evaluate("forbidden");
    }

    /** What is wider than its box, so that one would have to scroll sideways. */
    List<?> tooWide() {
        return (List<?>) page.evaluate("""
                () => {
                  const root = document.querySelector('api-keys').shadowRoot;
                  return [document.documentElement, ...root.querySelectorAll('dialog, form, header, section, ol, ul, .panel, .window')]
                    .filter((box) => box.scrollWidth > box.clientWidth)
                    .map((box) => `${box.localName}.${box.className} ${box.scrollWidth} > ${box.clientWidth}`);
                }""");
    }

    @Override
    public void close() {
        context.close();
    }
}
