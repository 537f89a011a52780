package dev.apikeys.examples.modules;

import dev.apikeys.InMemoryApiKeyStore;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyPrincipal;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.servlet.ApiKeyFilter;
import jakarta.servlet.Filter;
import java.io.PrintStream;

/** Issues a key, verifies it, and makes the filter; says what came of it, and in which module each class lives. */
public final class Program {
    private Program() {}

    /** Runs the program; it takes no arguments. */
    public static void main(String[] arguments) {
        run(System.out);
    }

    static void run(PrintStream out) {
        try (KeyService keys = KeyService.builder(new InMemoryApiKeyStore()).build()) {
            IssuedKey issued = keys.issue(
                    KeySpec.forUser("alice", "org_1").named("Reports").mode(Mode.READ));
            KeyPrincipal principal = keys.verify(issued.token().reveal()).orElseThrow();
            Filter filter = ApiKeyFilter.builder(keys)
                    .require("GET", "/reports/**", "read:reports")
                    .build();
            out.println(principal.keyName() + " may " + principal.scopes());
            out.println("service: " + keys.getClass().getModule().getName());
            out.println("filter: " + filter.getClass().getModule().getName());
        }
    }
}
