package dev.apikeys.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import dev.apikeys.testservers.Chromium;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the page shows after a change that was made although its answer didn't arrive. */
@Tag("tr-skip") // The browser has a language of its own.
class PageUnansweredTest {
    private static final String ALICE = "alice@org_1";

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    private static ManagementWorld host(Filter before) throws Exception {
        return ManagementWorld.in(Container.JETTY)
                .settings(ManagementServlet.Builder::page)
                .filter(world -> before)
                .start();
    }

    private static PageVisit visit(ManagementWorld host) {
        PageVisit visit =
                PageVisit.of(CHROMIUM, host, ManagedFamily.PERSONAL, ALICE).open();
        visit.set("timeout", "2");
        visit.element("element => element.reload()");
        assertThat(visit.heading("CRM")).isVisible();
        return visit;
    }

    /** How the answer to a change gets lost after the change was made. */
    private enum Loss {
        /** It doesn't come. */
        LATE,
        /** Its headers come, and the rest doesn't. */
        LATE_BODY,
        /** The connection ends within it. */
        CUT
    }

    /** Loses the answers of POST until it is released. */
    private static final class Losing implements AutoCloseable {
        private final Loss loss;
        private final CountDownLatch released = new CountDownLatch(1);

        Losing(Loss loss) {
            this.loss = loss;
        }

        Filter filter() {
            return (request, response, chain) -> {
                boolean loses = ((HttpServletRequest) request).getMethod().equals("POST");
                chain.doFilter(request, loses ? new Lost((HttpServletResponse) response) : response);
            };
        }

        @Override
        public void close() {
            released.countDown();
        }

        private final class Lost extends HttpServletResponseWrapper {
            Lost(HttpServletResponse response) {
                super(response);
            }

            /** The last step before the body is written. */
            @Override
            public void setContentLength(int length) {
                try {
                    if (loss == Loss.LATE) {
                        await();
                        return;
                    }
                    super.setContentLength(length + 1);
                    getOutputStream().write('{');
                    flushBuffer();
                    if (loss == Loss.CUT) {
                        throw new IllegalStateException("the connection ends here");
                    }
                    await();
                } catch (IOException gone) {
                    throw new IllegalStateException(gone);
                }
            }

            private void await() {
                try {
                    released.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LATE, The server did not answer in time.",
        "LATE_BODY, The server did not answer in time.",
        "CUT, The keys can’t be reached."
    })
    void keyThatWasCreated_isInTheList_beforeAnybodyCreatesItAgain(Loss loss, String told) throws Exception {
        Losing losing = new Losing(loss);
        try (ManagementWorld host = host(losing.filter());
                losing) {
            host.issue("alice", "org_1", "CRM");
            try (PageVisit visit = visit(host)) {
                visit.submitCreate("Nightly report");
                assertThat(visit.dialog().getByRole(AriaRole.ALERT)).containsText(told);
                visit.inDialog(AriaRole.BUTTON, "Cancel").click();

                assertThat(visit.heading("Nightly report")).isVisible();
            }
        }
    }

    @Test
    void keyThatWasPaused_isShownSo() throws Exception {
        Losing losing = new Losing(Loss.LATE);
        try (ManagementWorld host = host(losing.filter());
                losing) {
            host.issue("alice", "org_1", "CRM");
            try (PageVisit visit = visit(host)) {
                visit.button("Pause CRM").click();

                assertThat(visit.page.getByRole(AriaRole.ALERT)).containsText("Look at the list");
                assertThat(visit.button("Resume CRM")).isVisible();
            }
        }
    }

    @Test
    void offline_isToldInPlaceOfTheList_whichComesBackByItself() throws Exception {
        try (ManagementWorld host = host((request, response, chain) -> chain.doFilter(request, response))) {
            host.issue("alice", "org_1", "CRM");
            try (PageVisit visit = visit(host)) {
                visit.offline();
                visit.button("Pause CRM").click();
                assertThat(visit.heading("You are offline")).isVisible();

                visit.online();
                assertThat(visit.button("Pause CRM")).isVisible();
            }
        }
    }
}
