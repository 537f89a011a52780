package dev.apikeys.cli;

import dev.apikeys.KeyFilter;
import dev.apikeys.KeyKind;
import dev.apikeys.KeySpec;
import dev.apikeys.Owner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whom keys act for. */
final class OwnerOptions {
    @Option(names = "--for-user", paramLabel = "ID", description = "The user that the key acts for.")
    @Nullable
    private String user;

    @Option(names = "--for-organization", paramLabel = "ID", description = "The organization, alone or with a user.")
    @Nullable
    private String organization;

    @Option(
            names = "--for-workspace",
            paramLabel = "ID",
            description = "The workspace, with a user and an organization.")
    @Nullable
    private String workspace;

    /**
     * A key for this owner.
     *
     * @throws CommandException when nobody is named, or a workspace without the rest
     */
    KeySpec spec() {
        Owner owner = owner();
        return KeySpec.of(kind(), owner);
    }

    boolean isNamed() {
        return user != null || organization != null || workspace != null;
    }

    /** Only keys of this owner; an absent part matches every value. */
    KeyFilter within(KeyFilter filter) {
        if (workspace != null) {
            return KeyFilter.ownedBy(KeyKind.WORKSPACE, owner());
        }
        KeyFilter narrowed = filter;
        if (user != null) {
            narrowed = narrowed.user(user);
        }
        return organization == null ? narrowed : narrowed.organization(organization);
    }

    private Owner owner() {
        if (!isNamed()) {
            throw CommandException.usage("whom is the key for? Give --for-user, --for-organization or both");
        }
        if (workspace != null && (user == null || organization == null)) {
            throw CommandException.usage("--for-workspace needs --for-user and --for-organization");
        }
        return new Owner(user, organization, workspace);
    }

    private KeyKind kind() {
        if (workspace != null) {
            return KeyKind.WORKSPACE;
        }
        return user == null ? KeyKind.ORGANIZATION : KeyKind.PERSONAL;
    }
}
