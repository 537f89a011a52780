package dev.apikeys.spring;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;

/** Keeps Spring Session, which one application here asks for itself, out of the others. Spring Boot 4 has it in a module. */
final class NoSessionStore implements AutoConfigurationImportFilter {
    private static final String SESSIONS = "org.springframework.boot.autoconfigure.session.SessionAutoConfiguration";

    NoSessionStore() {}

    @Override
    public boolean[] match(String[] classes, AutoConfigurationMetadata metadata) {
        boolean[] kept = new boolean[classes.length];
        for (int i = 0; i < classes.length; i++) {
            kept[i] = !SESSIONS.equals(classes[i]);
        }
        return kept;
    }
}
