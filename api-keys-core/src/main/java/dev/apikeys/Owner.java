package dev.apikeys;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The owner of a key: the user or organization it acts for, in the host's own ids. At least one of both is present.
 *
 * <p>Immutable and thread-safe.
 *
 * @param user the user's id, or null for a key of an organization
 * @param organization the organization's id, or null if the host has none
 * @param workspace the workspace's id, or null outside workspaces
 */
public record Owner(
        @Nullable String user,
        @Nullable String organization,
        @Nullable String workspace) {
    /** Longest id, in UTF-16 units; the {@code sub} of OpenID Connect has at most as many characters. */
    public static final int MAX_ID_LENGTH = 255;

    /**
     * Checks the ids.
     *
     * @throws IllegalArgumentException if neither user nor organization is present, or an id is blank, longer than
     *     {@value #MAX_ID_LENGTH} or holds a control character
     */
    public Owner {
        if (user == null && organization == null) {
            throw new IllegalArgumentException("an owner has a user or an organization");
        }
        checkId(user, "user");
        checkId(organization, "organization");
        checkId(workspace, "workspace");
    }

    /** A user inside an organization. */
    public static Owner user(String user, String organization) {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(organization, "organization");
        return new Owner(user, organization, null);
    }

    /** A user of a host without organizations. */
    public static Owner user(String user) {
        Objects.requireNonNull(user, "user");
        return new Owner(user, null, null);
    }

    /** A whole organization. */
    public static Owner organization(String organization) {
        Objects.requireNonNull(organization, "organization");
        return new Owner(null, organization, null);
    }

    /** The user, or the organization if there is no user. It is the name of the principal. */
    public String displayId() {
        return Optional.ofNullable(user).orElse(String.valueOf(organization));
    }

    private static void checkId(@Nullable String id, String which) {
        if (id == null) {
            return;
        }
        if (Text.isBlank(id) || id.length() > MAX_ID_LENGTH) {
            throw new IllegalArgumentException(
                    "the " + which + " id of an owner has 1 to " + MAX_ID_LENGTH + " characters");
        }
        if (!Text.isSingleLine(id)) {
            throw new IllegalArgumentException("the " + which + " id of an owner holds a control character");
        }
    }
}
