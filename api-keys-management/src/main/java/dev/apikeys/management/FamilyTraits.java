package dev.apikeys.management;

import dev.apikeys.KeyKind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a family's settings say about the family itself. */
enum FamilyTraits {
    /** A user's own keys. */
    PERSONAL(KeyKind.PERSONAL, "mode"),
    /** A user's keys in workspaces. */
    WORKSPACE(KeyKind.WORKSPACE, "scopes"),
    /** The keys of an organization. */
    TENANT(KeyKind.ORGANIZATION, "scopes"),
    /** Everybody's keys. */
    ADMIN(null, null);

    private final @Nullable KeyKind kind;
    private final @Nullable String grant;

    FamilyTraits(@Nullable KeyKind kind, @Nullable String grant) {
        this.kind = kind;
        this.grant = grant;
    }

    /** The name of the family. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of its keys; null for every kind. */
    @Nullable
    KeyKind kind() {
        return kind;
    }

    /** What its keys are given; null where no key is created. */
    @Nullable
    String grant() {
        return grant;
    }
}
