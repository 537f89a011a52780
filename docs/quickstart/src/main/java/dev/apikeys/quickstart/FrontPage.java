package dev.apikeys.quickstart;

import dev.apikeys.Scope;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The front page of the demo in plain HTML: a form to log in, and behind it the library's element for the keys that the user
 * may manage. All texts in it are the demo's own, so nothing needs escaping.
 */
final class FrontPage {
    private static final Scope MANAGING_USERS = Scope.parse("manage:users");

    /** Only scripts and styles of this origin, and no frame. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>Systems, the demo of API Keys</title>
            <link rel="stylesheet" href="front.css">
            %s
            </head>
            <body>
            %s
            </body>
            </html>
            """;

    private static final String LOGIN = """
            <main class="narrow">
            <h1>Systems</h1>
            <p>An application with users, an API, and API keys. Log in to manage your keys.</p>
            %s
            <form method="post" action="login">
            <label for="username">User</label>
            <input id="username" name="username" autocomplete="username" required autofocus>
            <label for="password">Password</label>
            <input id="password" name="password" type="password" autocomplete="current-password" required>
            <button>Log in</button>
            </form>
            <p class="hint">Users: alice, bob, carol, root. Each password is the name and <code>-password</code>,
            such as <code>alice-password</code>.</p>
            </main>""";

    /** The element needs its script; the script of the demo comes first, because it sets attributes of the element. */
    private static final String SCRIPTS = """
            <script type="module" src="front.js"></script>
            <script type="module" src="%s/page/api-keys.js"></script>""";

    private static final String KEYS = """
            <header>
            <h1>Systems</h1>
            <nav aria-label="Keys">%s</nav>
            <form method="post" action="logout"><span>%s</span> <button class="quiet">Log out</button></form>
            </header>
            <main>
            <api-keys base="%s"></api-keys>
            <section aria-labelledby="use-title">
            <h2 id="use-title">Use a key</h2>
            <p>This sends <code>GET /api/systems</code> with the key, as a program of yours would.</p>
            <form id="use">
            <label for="token">API key</label>
            <input id="token" type="password" autocomplete="off" spellcheck="false" required>
            <button>Call the API</button>
            </form>
            <output id="answer" for="token"></output>
            </section>
            </main>""";

    /** What the front page can show, in the order of its links. */
    private enum View {
        YOURS("Your keys", Management.PERSONAL),
        WORKSPACES("Your keys for workspaces", Management.WORKSPACE),
        ORGANIZATION("Keys of your organization", Management.TENANT),
        EVERYBODY("Everybody's keys", Management.ADMINISTRATION);

        private final String title;
        private final String mount;

        View(String title, String mount) {
            this.title = title;
            this.mount = mount;
        }

        boolean isFor(Account account) {
            return switch (this) {
                case YOURS, WORKSPACES -> true;
                case ORGANIZATION -> account.scopes().covers(MANAGING_USERS);
                case EVERYBODY -> account.role() == Account.Role.ADMINISTRATOR;
            };
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        String link(View shown) {
            String current = this == shown ? " aria-current=\"page\"" : "";
            return "<a href=\"?show=" + word() + "\"" + current + ">" + title + "</a>";
        }
    }

    private FrontPage() {}

    /** Sends the form to log in. */
    static void sendLogin(HttpServletResponse response, int status, String problem) throws IOException {
        response.setStatus(status);
        String alert = problem.isEmpty() ? "" : "<p role=\"alert\">" + problem + "</p>";
        send(response, PAGE.formatted("", LOGIN.formatted(alert)));
    }

    /**
     * Sends the page with keys.
     *
     * @param wanted the word of what to show; anything else shows the user's own keys
     */
    static void sendKeys(HttpServletResponse response, Account account, @Nullable String wanted) throws IOException {
        View shown = Arrays.stream(View.values())
                .filter(view -> view.isFor(account) && view.word().equals(wanted))
                .findFirst()
                .orElse(View.YOURS);
        String links = Arrays.stream(View.values())
                .filter(view -> view.isFor(account))
                .map(view -> view.link(shown))
                .collect(Collectors.joining("\n"));
        send(
                response,
                PAGE.formatted(
                        SCRIPTS.formatted(shown.mount.substring(1)),
                        KEYS.formatted(links, account.name(), shown.mount)));
    }

    /** Sends the page for the session of a browser. */
    static void send(HttpServletResponse response, Optional<Account> account, @Nullable String wanted)
            throws IOException {
        if (account.isPresent()) {
            sendKeys(response, account.get(), wanted);
        } else {
            sendLogin(response, HttpServletResponse.SC_OK, "");
        }
    }

    private static void send(HttpServletResponse response, String html) throws IOException {
        response.setContentType("text/html;charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.getWriter().print(html);
    }
}
