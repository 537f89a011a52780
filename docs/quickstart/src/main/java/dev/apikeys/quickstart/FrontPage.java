package dev.apikeys.quickstart;

import dev.apikeys.Scope;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The front page of the demo in plain HTML: a form to log in, and behind it the pages on which people manage keys. */
final class FrontPage {
    private static final Scope MANAGING_USERS = Scope.parse("manage:users");

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark"><title>Systems: the demo of API Keys</title></head>
            <body><main><h1>Systems</h1>
            %s
            </main></body></html>
            """;

    private static final String LOGIN = """
            <h2>Log in</h2>
            <form method="post" action="login">
            <p><label>User <input name="username" autocomplete="username" required></label></p>
            <p><label>Password <input name="password" type="password" autocomplete="current-password" required></label></p>
            <p><button>Log in</button></p>
            </form>
            <p>Users: alice, bob, carol, root. The password of each is the name and <code>-password</code>.</p>""";

    private FrontPage() {}

    static void send(HttpServletResponse response, Optional<Account> account) throws IOException {
        response.setContentType("text/html;charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
        response.getWriter().print(PAGE.formatted(account.map(FrontPage::keys).orElse(LOGIN)));
    }

    /** The names of accounts and organizations are the demo's own, and need no escaping. */
    private static String keys(Account account) {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put(Management.PERSONAL, "Your keys");
        pages.put(Management.WORKSPACE, "Your keys for workspaces");
        if (account.scopes().covers(MANAGING_USERS)) {
            pages.put(
                    Management.TENANT, "The keys of " + account.organization() + ", and what agents may do with them");
        }
        if (account.role() == Account.Role.ADMINISTRATOR) {
            pages.put(Management.ADMINISTRATION, "Everybody's keys");
        }
        return pages.entrySet().stream()
                .map(page -> "<li><a href=\"" + page.getKey() + "/page/\">" + page.getValue() + "</a></li>")
                .collect(Collectors.joining(
                        "\n",
                        "<p>You are " + account.name() + ".</p>\n<ul>\n",
                        "\n</ul>\n<form method=\"post\" action=\"logout\"><button>Log out</button></form>"));
    }
}
