package dev.apikeys.management;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import dev.apikeys.testservers.Chromium;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/** Somebody who is logged in, or nobody, with the ready page of a host open. Controls are found as people find them. */
final class PageVisit implements AutoCloseable {
    final Page page;
    final List<String> failures = new ArrayList<>();
    private final BrowserContext context;
    private final ManagementWorld host;
    private final ManagedFamily family;

    private PageVisit(BrowserContext context, ManagementWorld host, ManagedFamily family) {
        this.context = context;
        this.host = host;
        this.family = family;
        this.page = context.newPage();
        page.onPageError(failures::add);
    }

    /** Opens a browser's context; the clock of the page is that of the host. */
    static PageVisit of(Chromium chromium, ManagementWorld host, ManagedFamily family, String who) {
        BrowserContext context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setLocale("en-US")
                        .setTimezoneId("UTC")
                        .setPermissions(List.of("clipboard-read", "clipboard-write")));
        if (!who.isEmpty()) {
            context.addCookies(List.of(
                    new Cookie("session", who).setUrl(host.server.uri("").toString())));
        }
        return new PageVisit(context, host, family);
    }

    PageVisit open() {
        page.clock().setFixedTime(Date.from(host.clock.instant()));
        page.navigate(host.server.uri(family.mount + "/page/").toString());
        return this;
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator inDialog(AriaRole role, String name) {
        return page.getByRole(AriaRole.DIALOG)
                .getByRole(role, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator heading(String name) {
        return page.getByRole(
                AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    @Override
    public void close() {
        context.close();
    }
}
