package dev.apikeys.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import dev.apikeys.testservers.Chromium;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the page shows when a call fails: each time by a real server that is made to answer so. */
@Tag("tr-skip") // The browser has a language of its own.
class PageStatesTest {
    private static final String ALICE = "alice@org_1";

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    private static ManagementWorld host(Filter... before) throws Exception {
        return host(ManagedFamily.PERSONAL, before);
    }

    private static ManagementWorld host(ManagedFamily family, Filter... before) throws Exception {
        ManagementWorld.Setup setup =
                ManagementWorld.in(Container.JETTY).serving(family).settings(ManagementServlet.Builder::page);
        for (Filter filter : before) {
            setup.filter(world -> filter);
        }
        return setup.start();
    }

    private static PageVisit visit(ManagementWorld host, String who) {
        return PageVisit.of(CHROMIUM, host, ManagedFamily.PERSONAL, who).open();
    }

    /** Answers the list so, while there is a status; everything else passes. */
    private static Filter answering(AtomicInteger status) {
        return answering(status, request -> request.getRequestURI().equals(ManagementWorld.MOUNT), 2);
    }

    /** Answers these requests so, while there is a status; everything else passes. */
    private static Filter answering(AtomicInteger status, Predicate<HttpServletRequest> which, int retryAfterSeconds) {
        return (request, response, chain) -> {
            if (status.get() == 0 || !which.test((HttpServletRequest) request)) {
                chain.doFilter(request, response);
                return;
            }
            HttpServletResponse out = (HttpServletResponse) response;
            out.setStatus(status.get());
            out.setHeader("Retry-After", Integer.toString(retryAfterSeconds));
        };
    }

    private static boolean isRevocation(HttpServletRequest request) {
        return request.getMethod().equals("DELETE");
    }

    @Test
    void nobody_isToldThatTheSessionHasEnded() throws Exception {
        try (ManagementWorld host = host();
                PageVisit visit = visit(host, "")) {
            assertThat(visit.heading("Your session has ended")).isVisible();
        }
    }

    @Test
    void callerWhoMayNot_isToldSo() throws Exception {
        try (ManagementWorld host = host();
                PageVisit visit = visit(host, "job")) {
            assertThat(visit.heading("You may not manage these keys")).isVisible();
        }
    }

    @ParameterizedTest
    @CsvSource({"503, Not available right now", "500, Something went wrong"})
    void failure_isShown_andTryingAgainLoadsTheKeys(int status, String title) throws Exception {
        AtomicInteger answer = new AtomicInteger(status);
        try (ManagementWorld host = host(answering(answer))) {
            host.issue("alice", "org_1", "CRM");
            try (PageVisit visit = visit(host, ALICE)) {
                assertThat(visit.heading(title)).isVisible();
                answer.set(0);
                visit.button("Try again").click();
                assertThat(visit.heading("CRM")).isVisible();
            }
        }
    }

    @Test
    void tooManyRequests_areCountedDown_andThenTriedAgain() throws Exception {
        AtomicInteger answer = new AtomicInteger(429);
        try (ManagementWorld host = host(answering(answer))) {
            host.issue("alice", "org_1", "CRM");
            try (PageVisit visit = visit(host, ALICE)) {
                assertThat(visit.heading("Too many requests")).isVisible();
                assertThat(visit.button("Try again")).hasAttribute("aria-disabled", "true");
                answer.set(0);
                assertThat(visit.page.getByRole(AriaRole.ALERT)).containsText("You can try again now.");
                visit.button("Try again").click();
                assertThat(visit.heading("CRM")).isVisible();
            }
        }
    }

    @Test
    void revokingMany_waitsAsLongAsTheServerAsks_andGoesOn() throws Exception {
        AtomicInteger answer = new AtomicInteger(429);
        try (ManagementWorld host =
                        host(ManagedFamily.ADMINISTRATION, answering(answer, PageStatesTest::isRevocation, 2));
                PageVisit visit = revokeThree(host)) {
            assertThat(visit.dialog()).containsText("Going on in 2 seconds.");
            answer.set(0);
            assertThat(visit.dialog()).containsText("3 keys are revoked.");
        }
    }

    @Test
    void revokingMany_isStopped_whileItWaits() throws Exception {
        AtomicInteger answer = new AtomicInteger(429);
        try (ManagementWorld host =
                        host(ManagedFamily.ADMINISTRATION, answering(answer, PageStatesTest::isRevocation, 600));
                PageVisit visit = revokeThree(host)) {
            assertThat(visit.dialog()).containsText("The server asks to wait.");
            visit.inDialog(AriaRole.BUTTON, "Stop").click();
            assertThat(visit.dialog()).containsText("0 keys are revoked.");
        }
    }

    private static PageVisit revokeThree(ManagementWorld host) {
        for (String name : List.of("CRM", "Grafana", "Backup")) {
            host.issue("alice", "org_1", name);
        }
        PageVisit visit = PageVisit.of(CHROMIUM, host, ManagedFamily.ADMINISTRATION, "root@org_1!")
                .open();
        visit.selectSome();
        visit.revokeSelected();
        return visit;
    }

    @Test
    void offline_isTold_andEndsByItself() throws Exception {
        AtomicInteger answer = new AtomicInteger(503);
        try (ManagementWorld host = host(answering(answer));
                PageVisit visit = visit(host, ALICE)) {
            assertThat(visit.heading("Not available right now")).isVisible();
            visit.page.context().setOffline(true);
            visit.button("Try again").click();
            assertThat(visit.heading("You are offline")).isVisible();

            answer.set(0);
            visit.page.context().setOffline(false);
            assertThat(visit.heading("No keys yet")).isVisible();
        }
    }

    @Test
    void limit_isToldWithWhatToDo() throws Exception {
        try (ManagementWorld host = host()) {
            for (int key = 0; key < 5; key++) {
                host.issue("alice", "org_1", "Key " + key);
            }
            try (PageVisit visit = visit(host, ALICE)) {
                visit.button("Create key").click();
                visit.inDialog(AriaRole.TEXTBOX, "Name").fill("One more");
                visit.inDialog(AriaRole.TEXTBOX, "Your password").fill(ManagementWorld.PASSWORD);
                visit.inDialog(AriaRole.BUTTON, "Create key").click();

                assertThat(visit.page.getByRole(AriaRole.DIALOG).getByRole(AriaRole.ALERT))
                        .containsText("Revoke one that nobody needs");
                assertThat(host.storedKeys()).hasSize(5);
            }
        }
    }

    @Test
    void keyRevokedElsewhere_isNoticed_whenItIsChanged() throws Exception {
        try (ManagementWorld host = host()) {
            var key = host.issue("alice", "org_1", "CRM").key();
            try (PageVisit visit = visit(host, ALICE)) {
                assertThat(visit.button("Pause CRM")).isVisible();
                host.revoke(key);
                visit.button("Pause CRM").click();

                assertThat(visit.page.getByRole(AriaRole.ALERT)).containsText("This key is not there any more");
                assertThat(visit.button("Pause CRM")).hasCount(0);
            }
        }
    }
}
