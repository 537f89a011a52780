package dev.apikeys.management;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import dev.apikeys.Actor;
import dev.apikeys.ApiKey;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyUpdate;
import dev.apikeys.Verification;
import dev.apikeys.mcp.McpPolicy;
import dev.apikeys.mcp.McpPreset;
import dev.apikeys.testservers.Chromium;
import dev.apikeys.testservers.ServletServer.Container;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What happens while somebody has the page open: others change the same keys, answers come late, a session is another one. */
@Tag("tr-skip") // The browser has a language of its own.
class PageMeanwhileTest {
    private static final String ALICE = "alice@org_1";
    private static final String ROOT = "root@org_root!";

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    private static ManagementWorld host(
            ManagedFamily family, UnaryOperator<ManagementServlet.Builder> settings, Filter... before)
            throws Exception {
        ManagementWorld.Setup setup =
                ManagementWorld.in(Container.JETTY).serving(family).settings(builder -> settings.apply(builder.page()));
        for (Filter filter : before) {
            setup.filter(world -> filter);
        }
        return setup.start();
    }

    private static PageVisit visit(ManagementWorld host, ManagedFamily family, String who) {
        return PageVisit.of(CHROMIUM, host, family, who).open();
    }

    /** Keeps back the answers of the requests that come first, until it is released, and then says no with this status. */
    private static final class Late implements Filter {
        private final Predicate<HttpServletRequest> which;
        private final int status;
        private final CountDownLatch arrived;
        private final CountDownLatch released = new CountDownLatch(1);

        Late(int first, int status, Predicate<HttpServletRequest> which) {
            this.status = status;
            this.which = which;
            this.arrived = new CountDownLatch(first);
        }

        void awaitArrival() throws InterruptedException {
            assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            boolean isLate;
            synchronized (this) {
                isLate = which.test((HttpServletRequest) request) && arrived.getCount() > 0;
                if (isLate) {
                    arrived.countDown();
                }
            }
            if (isLate && await() && status > 0) {
                ((HttpServletResponse) response).setStatus(status);
                ((HttpServletResponse) response).setHeader("Retry-After", "1");
                return;
            }
            chain.doFilter(request, response);
        }

        private boolean await() throws ServletException {
            try {
                return released.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new ServletException(interrupted);
            }
        }
    }

    private static boolean isRevocation(HttpServletRequest request) {
        return request.getMethod().equals("DELETE");
    }

    private static boolean isExplanation(HttpServletRequest request) {
        return request.getRequestURI().endsWith("/mcp/explain");
    }

    /** A revocation can't be undone. */
    @Test
    void revokingMany_isStopped_andTriesNothingAgain_thatTheServerRefusedMeanwhile() throws Exception {
        Late answers = new Late(3, 429, PageMeanwhileTest::isRevocation);
        try (ManagementWorld host = host(ManagedFamily.ADMINISTRATION, builder -> builder, answers)) {
            List.of("CRM", "Grafana", "Backup").forEach(name -> host.issue("alice", "org_1", name));
            try (PageVisit visit = visit(host, ManagedFamily.ADMINISTRATION, ROOT)) {
                visit.selectSome();
                visit.revokeSelected();
                answers.awaitArrival();
                visit.inDialog(AriaRole.BUTTON, "Stop").click();
                answers.released.countDown();

                assertThat(visit.dialog()).containsText("0 keys are revoked.");
                assertThat(host.storedKeys()).allMatch(key -> key.revocation() == null);
            }
        }
    }

    @Test
    void policyForAgents_isSavedWithoutUndoing_whatSomebodyElseChangedMeanwhile() throws Exception {
        try (ManagementWorld host = host(ManagedFamily.TENANT, builder -> builder)) {
            ApiKey key = host.issue("alice", "org_1", "CRM").key();
            change(host, key, policy -> McpPolicy.of(McpPreset.STANDARD));
            try (PageVisit visit = visit(host, ManagedFamily.TENANT, ALICE)) {
                assertThat(visit.heading("CRM")).isVisible();
                change(host, key, policy -> McpPolicy.of(McpPreset.READ_ONLY).pause());
                visit.button("Agents CRM").click();
                assertThat(visit.inDialog(AriaRole.RADIO, "Read only")).isChecked();
                visit.inDialog(AriaRole.TEXTBOX, "Only in these projects").fill("p1");
                visit.inDialog(AriaRole.BUTTON, "Save").click();

                assertThat(visit.status("CRM is changed.")).isVisible();
                McpPolicy stored = host.storedKeys().get(0).options().mcp();
                assertThat(stored.getPreset()).isEqualTo(McpPreset.READ_ONLY);
                assertThat(stored.isActive()).isFalse();
                assertThat(stored.getProjects().getIds()).containsExactly("p1");
            }
        }
    }

    private static void change(ManagementWorld host, ApiKey key, UnaryOperator<McpPolicy> change) {
        host.keys.update(KeyRef.of(key.id()), KeyUpdate.nothing().mcp(change), Actor.of("bob"));
    }

    @Test
    void policyForAgents_isExplainedAsItWasChosenLast_whicheverAnswerComesLast() throws Exception {
        AtomicBoolean armed = new AtomicBoolean();
        Late answers = new Late(1, 0, request -> isExplanation(request) && armed.get());
        try (ManagementWorld host = host(ManagedFamily.TENANT, builder -> builder, answers)) {
            host.issue("alice", "org_1", "CRM");
            try (PageVisit visit = visit(host, ManagedFamily.TENANT, ALICE)) {
                visit.button("Agents CRM").click();
                assertThat(visit.dialog()).containsText("Agents can do nothing with this key.");
                armed.set(true);
                visit.page.clock().resume();
                visit.inDialog(AriaRole.RADIO, "Everything").check();
                answers.awaitArrival();
                visit.inDialog(AriaRole.RADIO, "Read only").check();
                assertThat(visit.dialog()).containsText("Agents may call every tool that is declared read-only.");

                visit.page.waitForResponse(
                        response -> response.url().endsWith("/mcp/explain"), answers.released::countDown);
                visit.page.evaluate("() => new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)))");

                assertThat(visit.dialog()).containsText("Agents may call every tool that is declared read-only.");
            }
        }
    }

    @Test
    void tokenAgainstCrossSiteRequests_isReadAgain_afterAnotherLogIn() throws Exception {
        AtomicReference<String> token = new AtomicReference<>("of the first session");
        Filter protection = (request, response, chain) -> {
            HttpServletRequest asked = (HttpServletRequest) request;
            if (asked.getMethod().equals("GET") || token.get().equals(asked.getHeader("X-CSRF-TOKEN"))) {
                chain.doFilter(request, response);
            } else {
                ((HttpServletResponse) response).setStatus(403);
            }
        };
        CsrfTokens tokens = request -> Optional.of(new CsrfTokens.CsrfToken("X-CSRF-TOKEN", token.get()));
        try (ManagementWorld host = host(ManagedFamily.PERSONAL, builder -> builder.csrf(tokens), protection)) {
            host.issue("alice", "org_1", "CRM");
            try (PageVisit visit = visit(host, ManagedFamily.PERSONAL, ALICE)) {
                assertThat(visit.heading("CRM")).isVisible();
                token.set("of the second session");
                visit.button("Pause CRM").click();

                assertThat(visit.button("Resume CRM")).isVisible();
            }
        }
    }

    @Test
    void answerThatIsNoJson_isAFailureInWords() throws Exception {
        Late answers = new Late(1, 200, request -> request.getRequestURI().endsWith("/pause"));
        answers.released.countDown();
        try (ManagementWorld host = host(ManagedFamily.PERSONAL, builder -> builder, answers)) {
            host.issue("alice", "org_1", "CRM");
            try (PageVisit visit = visit(host, ManagedFamily.PERSONAL, ALICE)) {
                visit.button("Pause CRM").click();

                assertThat(visit.page.getByRole(AriaRole.ALERT).first()).containsText("The server reported an error.");
            }
        }
    }

    /** As behind a proxy, or where a page of another origin may not see the header. */
    @Test
    void keysOfAWorkspace_areShown_alsoIfNoHeaderCountsThem() throws Exception {
        Filter hiding = (request, response, chain) ->
                chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response) {
                    @Override
                    public void setHeader(String name, String value) {
                        if (!name.startsWith("X-Total")) {
                            super.setHeader(name, value);
                        }
                    }
                });
        try (ManagementWorld host = host(ManagedFamily.WORKSPACE, builder -> builder, hiding)) {
            host.issue("alice", "org_1", "CRM");
            try (PageVisit visit = visit(host, ManagedFamily.WORKSPACE, ALICE)) {
                assertThat(visit.heading("CRM")).isVisible();
            }
        }
    }

    @Test
    void dateThatIsTooLate_isSaidToBe_andNotReplaced() throws Exception {
        try (ManagementWorld host = host(ManagedFamily.PERSONAL, builder -> builder);
                PageVisit visit = visit(host, ManagedFamily.PERSONAL, ALICE)) {
            visit.button("Create key").first().click();
            visit.inDialog(AriaRole.TEXTBOX, "Name").fill("CRM");
            visit.inDialog(AriaRole.TEXTBOX, "Your password").fill(ManagementWorld.PASSWORD);
            visit.inDialog(AriaRole.COMBOBOX, "Expires").selectOption("date");
            visit.dialog().getByLabel("Date").fill("2035-06-30");
            visit.inDialog(AriaRole.BUTTON, "Create key").click();
            assertThat(visit.dialog()).containsText("This is outside what is allowed.");
            assertThat(host.storedKeys()).isEmpty();

            visit.dialog().getByLabel("Date").fill("2027-02-03");
            visit.inDialog(AriaRole.BUTTON, "Create key").click();
            assertThat(visit.inDialog(AriaRole.TEXTBOX, "Your new key")).isVisible();
        }
    }

    @Test
    void usedKey_isRevokedByItsNameAsItIsSeen() throws Exception {
        String name = "Nightly  re\u0301port";
        try (ManagementWorld host = host(ManagedFamily.PERSONAL, builder -> builder)) {
            String token = host.issue("alice", "org_1", name).token().reveal();
            host.keys.verify(token);
            host.keys.flush();
            try (PageVisit visit = visit(host, ManagedFamily.PERSONAL, ALICE)) {
                visit.page.locator("[data-focus^='revoke:']").click();
                visit.dialog().getByRole(AriaRole.TEXTBOX).fill("Nightly r\u00e9port");
                visit.inDialog(AriaRole.BUTTON, "Revoke key").click();

                assertThat(visit.page.getByRole(AriaRole.DIALOG)).hasCount(0);
                assertThat(host.keys.verify(token)).isInstanceOf(Verification.Rejected.class);
            }
        }
    }
}
