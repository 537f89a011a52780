package dev.apikeys.quickstart;

import dev.apikeys.Scopes;
import java.security.Principal;

/**
 * A user of the demo, and the principal of a session.
 *
 * @param scopes what the user may do in a session; a key never allows more
 * @param passwordHash Argon2id
 */
record Account(String name, String organization, Role role, Scopes scopes, String passwordHash) implements Principal {
    enum Role {
        MEMBER,
        ADMINISTRATOR
    }

    @Override
    public String getName() {
        return name;
    }

    /** Leaves the hash out. */
    @Override
    public String toString() {
        return name + " of " + organization;
    }
}
