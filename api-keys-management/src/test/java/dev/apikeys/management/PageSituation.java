package dev.apikeys.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.util.Locale;
import java.util.Map;

/** A state of the page that people meet, and the way into it. Its name is that of its picture. */
enum PageSituation {
    LIST("A user’s keys: in use, about to expire, paused, expired, revoked", (visit, host) -> {
        assertThat(visit.heading("CRM production")).isVisible();
    }),
    EMPTY("Nobody has created a key yet", ManagedFamily.PERSONAL, PeopleHost.NEW, (visit, host) -> {
        assertThat(visit.heading("No keys yet")).isVisible();
    }),
    NOTHING_FOUND("A search without a result", (visit, host) -> {
        visit.search("Search keys", "fax");
        assertThat(visit.page.getByText("No key matches.")).isVisible();
    }),
    CREATE("A new key is described", (visit, host) -> {
        visit.button("Create key").click();
        assertThat(visit.inDialog(AriaRole.TEXTBOX, "Name")).isFocused();
    }),
    CREATE_WRONG("What is wrong is told at the fields", (visit, host) -> {
        visit.button("Create key").click();
        visit.inDialog(AriaRole.TEXTBOX, "Name").fill("Quarterly report");
        visit.inDialog(AriaRole.TEXTBOX, "Allowed addresses").fill("10.0.0.0/99");
        visit.inDialog(AriaRole.TEXTBOX, "Your password").fill("wrong");
        visit.inDialog(AriaRole.BUTTON, "Create key").click();
        assertThat(visit.inDialog(AriaRole.TEXTBOX, "Allowed addresses")).hasAttribute("aria-invalid", "true");
    }),
    LIMIT("409: the limit is reached, and what to do", ManagedFamily.PERSONAL, PeopleHost.FULL, (visit, host) -> {
        visit.submitCreate("One more");
        assertThat(visit.dialog().getByRole(AriaRole.ALERT)).containsText("You have reached the limit");
    }),
    TOKEN("The token, the only time that it is seen", ManagedFamily.PERSONAL, "token@acme", (visit, host) -> {
        visit.submitCreate("Quarterly report");
        assertThat(visit.inDialog(AriaRole.TEXTBOX, "Your new key")).isVisible();
    }),
    TOKEN_COPIED("It is copied; lines for an MCP client", ManagedFamily.PERSONAL, "copy@acme", (visit, host) -> {
        visit.submitCreate("Quarterly report");
        visit.inDialog(AriaRole.BUTTON, "Copy").click();
        visit.inDialog(AriaRole.TAB, "MCP client").click();
        assertThat(visit.inDialog(AriaRole.BUTTON, "Copied")).isVisible();
    }),
    CREATED("The new key in the list", ManagedFamily.PERSONAL, "created@acme", (visit, host) -> {
        visit.submitCreate("Quarterly report");
        visit.inDialog(AriaRole.BUTTON, "I have stored it").click();
        assertThat(visit.page.getByText("Quarterly report is created.")).isVisible();
    }),
    ROTATE("A new token for a key, with the grace explained", (visit, host) -> {
        visit.button("Rotate CRM production").click();
        assertThat(visit.dialog()).isVisible();
    }),
    REVOKE("A key that nobody used lately", (visit, host) -> {
        visit.button("Revoke Zapier").click();
        assertThat(visit.dialog()).isVisible();
    }),
    REVOKE_USED("A key that was used today: its name is typed", (visit, host) -> {
        visit.button("Revoke Nightly report").click();
        assertThat(visit.inDialog(AriaRole.TEXTBOX, "Type Nightly report to confirm"))
                .isFocused();
    }),
    CHANGE("A key is changed", (visit, host) -> {
        visit.button("Edit Nightly report").click();
        assertThat(visit.inDialog(AriaRole.TEXTBOX, "Name")).isFocused();
    }),
    ACTIVITY("The audit trail of a key", (visit, host) -> {
        visit.button("Activity CRM production").click();
        assertThat(visit.dialog()).containsText("Refused");
    }),
    WORKSPACE("A user’s keys with scopes", ManagedFamily.WORKSPACE, PeopleHost.MIA, (visit, host) -> {
        assertThat(visit.heading("CRM production")).isVisible();
    }),
    WORKSPACE_CREATE("Scopes from the catalogue", ManagedFamily.WORKSPACE, PeopleHost.MIA, (visit, host) -> {
        visit.button("Create key").click();
        visit.dialog()
                .getByRole(AriaRole.GROUP, new Locator.GetByRoleOptions().setName("reports"))
                .getByLabel("read")
                .check();
    }),
    LONG("As long a name and as many scopes as may be", ManagedFamily.WORKSPACE, PeopleHost.LENGTHY, (visit, host) -> {
        assertThat(visit.heading(PeopleHost.LONG_NAME)).isVisible();
    }),
    TENANT("An organization’s keys", ManagedFamily.TENANT, PeopleHost.MIA, (visit, host) -> {
        assertThat(visit.heading("CRM production")).isVisible();
    }),
    AGENTS("What AI agents may do, with what it means", ManagedFamily.TENANT, PeopleHost.MIA, (visit, host) -> {
        visit.button("Agents CRM production").click();
        visit.inDialog(AriaRole.RADIO, "Read only").check();
        assertThat(visit.dialog()).containsText("Agents may call every tool that is declared read-only.");
    }),
    AGENTS_CUSTOM("Tools and permissions of one’s own choice", ManagedFamily.TENANT, PeopleHost.MIA, (visit, host) -> {
        visit.button("Agents CRM production").click();
        visit.inDialog(AriaRole.RADIO, "My own choice").check();
        visit.inDialog(AriaRole.RADIO, "Only these tools").check();
        visit.dialog().getByLabel("Search issues").check();
        assertThat(visit.dialog())
                .containsText("Agents may call this tool if it is declared read-only: issues_search.");
    }),
    ADMIN("Everybody’s keys", ManagedFamily.ADMINISTRATION, PeopleHost.ROOT, (visit, host) -> {
        assertThat(visit.page.getByText(PeopleHost.UNREVOKED + " keys")).isVisible();
    }),
    ADMIN_SELECTED("Several keys are selected", ManagedFamily.ADMINISTRATION, PeopleHost.ROOT, (visit, host) -> {
        visit.selectSome();
        assertThat(visit.page.getByText("3 keys selected")).isVisible();
    }),
    ADMIN_REVOKE("They are to be revoked", ManagedFamily.ADMINISTRATION, PeopleHost.ROOT, (visit, host) -> {
        visit.selectSome();
        visit.button("Revoke 3 keys").click();
        assertThat(visit.inDialog(AriaRole.TEXTBOX, "Type 3 to confirm")).isFocused();
    }),
    ADMIN_PROGRESS("While they are revoked", ManagedFamily.ADMINISTRATION, PeopleHost.ROOT, (visit, host) -> {
        visit.selectSome();
        host.answers.hold("DELETE", ".*");
        visit.revokeSelected();
        assertThat(visit.dialog().getByRole(AriaRole.PROGRESSBAR)).isVisible();
    }),
    ADMIN_WAITING(
            "429 meanwhile: it goes on by itself", ManagedFamily.ADMINISTRATION, PeopleHost.ROOT, (visit, host) -> {
                visit.selectSome();
                host.answers.answer("DELETE", ".*", 429);
                visit.revokeSelected();
                assertThat(visit.dialog()).containsText("The server asks to wait. Going on in");
            }),
    ADMIN_REPORT("What became of them", ManagedFamily.ADMINISTRATION, PeopleHost.ROOT, (visit, host) -> {
        visit.selectSome();
        host.answers.answer("DELETE", ".*", 503);
        visit.revokeSelected();
        assertThat(visit.dialog()).containsText("3 keys could not be revoked:");
    }),
    LOADING("While the keys are loaded", Faults.held((visit, host) -> {
        assertThat(visit.page.getByText("Loading keys …")).isVisible();
    })),
    SLOW("It takes longer than usual", Faults.held((visit, host) -> {
        assertThat(visit.page.getByText("This takes longer than usual …")).isVisible();
    })),
    NO_ANSWER("The server does not answer in time", Faults.held((visit, host) -> {
        visit.set("timeout", "1");
        visit.element("element => { element.reload(); }");
        assertThat(visit.heading("No answer")).isVisible();
    })),
    OFFLINE("No connection", (visit, host) -> {
        assertThat(visit.heading("CRM production")).isVisible();
        visit.offline();
        visit.element("element => { element.reload(); }");
        assertThat(visit.heading("You are offline")).isVisible();
    }),
    UNAUTHORIZED("401: nobody is logged in", ManagedFamily.PERSONAL, "", (visit, host) -> {
        assertThat(visit.heading("Your session has ended")).isVisible();
    }),
    FORBIDDEN("403: the caller may not manage keys", ManagedFamily.PERSONAL, "job", (visit, host) -> {
        assertThat(visit.heading("You may not manage these keys")).isVisible();
    }),
    TOO_MANY("429: the wait is counted down", Faults.answered(429, (visit, host) -> {
        assertThat(visit.heading("Too many requests")).isVisible();
    })),
    UPGRADE("426: the plan has no keys", ManagedFamily.WORKSPACE, PeopleHost.MIA, (visit, host) -> {
        host.answers.answer("GET", ".*/scopes", 426);
        visit.button("Create key").click();
        assertThat(visit.heading("Your plan has no API keys")).isVisible();
        assertThat(visit.inDialog(AriaRole.BUTTON, "Close")).isVisible();
    }),
    UNAVAILABLE("503: try again", Faults.answered(503, (visit, host) -> {
        assertThat(visit.heading("Not available right now")).isVisible();
    })),
    FAILED("500", Faults.answered(500, (visit, host) -> {
        assertThat(visit.heading("Something went wrong")).isVisible();
    })),
    GONE("404: the key was revoked in another tab", (visit, host) -> {
        host.answers.answer("POST", ".*/pause", 404);
        visit.button("Pause Nightly report").click();
        assertThat(visit.page.getByRole(AriaRole.ALERT)).containsText("This key is not there any more.");
    }),
    CONFLICT("409: the key was changed at the same moment", (visit, host) -> {
        host.answers.answer("PATCH", ".*", 409);
        visit.button("Edit Nightly report").click();
        visit.inDialog(AriaRole.TEXTBOX, "Name").fill("Weekly report");
        visit.inDialog(AriaRole.BUTTON, "Save").click();
        assertThat(visit.dialog().getByRole(AriaRole.ALERT)).containsText("This key was changed elsewhere");
    }),
    GERMAN("In German", (visit, host) -> {
        visit.set("language", "de");
        assertThat(visit.heading("Ihre API-Schlüssel")).isVisible();
    }),
    RIGHT_TO_LEFT("A language that is written from right to left", (visit, host) -> {
        visit.addLanguage(
                "ar",
                Map.of(
                        "title.personal", "مفاتيحك",
                        "action.create", "مفتاح جديد",
                        "status.active", "نشط",
                        "count.keys", Map.of("two", "مفتاحان", "few", "{count} مفاتيح", "other", "{count} مفتاحًا")));
        visit.set("language", "ar");
        assertThat(visit.heading("مفاتيحك")).isVisible();
    });

    final String words;
    final ManagedFamily family;
    final String who;

    @SuppressWarnings("ImmutableEnumChecker") // A lambda that keeps nothing.
    private final Way way;

    /** Brings an opened page there. */
    @FunctionalInterface
    interface Way {
        void go(PageVisit visit, PeopleHost host);
    }

    PageSituation(String words, Way way) {
        this(words, ManagedFamily.PERSONAL, PeopleHost.MIA, way);
    }

    PageSituation(String words, ManagedFamily family, String who, Way way) {
        this.words = words;
        this.family = family;
        this.who = who;
        this.way = way;
    }

    void enter(PageVisit visit, PeopleHost host) {
        visit.open();
        way.go(visit, host);
    }

    /** The name of its picture. */
    String file() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Ways that begin with a call that fails or waits. */
    private static final class Faults {
        private Faults() {}

        static Way answered(int status, Way way) {
            return (visit, host) -> {
                host.answers.answer("GET", ".*/settings", status);
                visit.open();
                way.go(visit, host);
            };
        }

        static Way held(Way way) {
            return (visit, host) -> {
                host.answers.hold("GET", ".*/settings");
                visit.open();
                way.go(visit, host);
            };
        }
    }
}
