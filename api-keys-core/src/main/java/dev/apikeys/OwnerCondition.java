package dev.apikeys;

import org.jspecify.annotations.Nullable;

/** The part of a {@link KeyFilter} that is about kind and owner; what is null matches every key. */
record OwnerCondition(
        @Nullable KeyKind kind,
        @Nullable Owner owner,
        @Nullable String user,
        @Nullable String organization,
        @Nullable String party) {
    static final OwnerCondition NONE = new OwnerCondition(null, null, null, null, null);

    boolean isOneOwner() {
        return owner != null || user != null;
    }

    boolean matches(ApiKey key) {
        return (kind == null || kind == key.kind())
                && (owner == null || owner.equals(key.owner()))
                && (user == null || user.equals(key.owner().user()))
                && (organization == null || organization.equals(key.owner().organization()))
                && (party == null
                        || party.equals(key.owner().user())
                        || party.equals(key.owner().organization()));
    }
}
