package dev.apikeys.quickstart;

import java.util.List;

/** What to try next. */
final class Instructions {
    private Instructions() {}

    /** Lines for bash, each based on the one before: log in, create a key, use it. */
    static List<String> lines(int port) {
        String curl = "curl -s http://127.0.0.1:" + port;
        String json = " -H 'Content-Type: application/json' -d ";
        return List.of(
                "session=$(" + curl + "/login" + json + "'{\"username\":\"alice\",\"password\":\"alice-password\"}'"
                        + value("session") + "); echo \"$session\"",
                "key=$(" + curl + "/me/api-keys -H \"Authorization: Bearer $session\"" + json
                        + "'{\"name\":\"My first key\",\"mode\":\"read\",\"password\":\"alice-password\"}'"
                        + value("token") + "); echo \"$key\"",
                curl + "/api/systems -H \"Authorization: Bearer $key\"; echo");
    }

    /** The whole text, as it is printed at the start. */
    static String text(int port) {
        return "The demo listens on http://127.0.0.1:" + port
                + ". Open it in a browser, or log in, mint a key and use it"
                + " from bash: paste these lines, in this order.\n\n" + String.join("\n\n", lines(port))
                + "\n\nKeys are managed at "
                + String.join(", ", Management.MOUNTS.subList(0, Management.MOUNTS.size() - 1))
                + " and, by root, at " + Management.ADMINISTRATION + "."
                + "\n\nUsers: alice, bob, carol, root; each one's password is <name>-password. Ctrl-C stops the demo.";
    }

    /** Extracts a field's value from JSON. Text without that field, for example an error, stays as it is. */
    private static String value(String field) {
        return " | sed 's/.*\"" + field + "\":\"\\([^\"]*\\)\".*/\\1/'";
    }
}
