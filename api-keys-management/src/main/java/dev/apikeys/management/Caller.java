package dev.apikeys.management;

import dev.apikeys.Owner;
import java.util.Objects;
import java.util.Optional;

/**
 * The caller of a management endpoint, from the host's {@link SessionResolver}.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface Caller {
    /** Nobody is logged in. */
    static Caller anonymous() {
        return new Anonymous();
    }

    /** A known caller that is not a person in a session: a job, a service, a token of another kind. */
    static Caller notInteractive() {
        return new NotInteractive();
    }

    /**
     * A person in an interactive session.
     *
     * @param user the host's id of the user
     * @throws IllegalArgumentException when the id is blank, longer than {@value Owner#MAX_ID_LENGTH} characters or
     *     holds a control character
     */
    static Session session(String user) {
        return new Session(Owner.user(user), false);
    }

    /** Nobody is logged in. The answer is 401. */
    record Anonymous() implements Caller {}

    /** The caller is not a person in a session. The answer is 403. */
    record NotInteractive() implements Caller {}

    /**
     * A person in an interactive session.
     *
     * <p>Immutable and thread-safe: every method gives a new value.
     */
    final class Session implements Caller {
        private final Owner owner;
        private final boolean administrator;

        private Session(Owner owner, boolean administrator) {
            this.owner = owner;
            this.administrator = administrator;
        }

        /**
         * Sets the organization in which the person works.
         *
         * @param organization the host's id of it
         * @throws IllegalArgumentException when the id is blank, too long or holds a control character
         */
        public Session inOrganization(String organization) {
            Objects.requireNonNull(organization, "organization");
            return new Session(new Owner(owner.user(), organization, null), administrator);
        }

        /** Lets the person see and revoke the keys of everybody, if the servlet offers that. */
        public Session asAdministrator() {
            return new Session(owner, true);
        }

        /** The user's id. */
        public String user() {
            return owner.displayId();
        }

        /** The organization's id; empty when the host has none. */
        public Optional<String> organization() {
            return Optional.ofNullable(owner.organization());
        }

        /** Tells whether the person is an administrator of the host. */
        public boolean isAdministrator() {
            return administrator;
        }

        Owner owner() {
            return owner;
        }

        /** Shows user and organization, and whether the person is an administrator. */
        @Override
        public String toString() {
            return "Session[" + user() + organization().map(id -> " in " + id).orElse("")
                    + (administrator ? ", administrator]" : "]");
        }
    }
}
