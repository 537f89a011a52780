package dev.apikeys;

import java.time.Instant;

/**
 * What an update must keep to, beside the rules of the key's record.
 *
 * <p>Thread-safe.
 *
 * @param grants what owners may be given
 * @param policy how long keys live
 */
record ChangeRules(Grantability grants, KeyPolicy policy) {
    /**
     * Checks an update.
     *
     * @throws ConcurrentChangeException when it was meant for another version of the key
     * @throws OwnerInactiveException when the grant changes and the owner is suspended
     * @throws ScopeNotGrantableException when the new scopes go beyond what the owner may do now
     * @throws ExpiryNotAllowedException when the policy doesn't allow the new expiry
     */
    void require(ApiKey key, KeyUpdate update, Instant now) {
        if (!update.isFor(key)) {
            throw new ConcurrentChangeException(key.id());
        }
        update.grant().ifPresent(grant -> grants.require(key.owner(), grant));
        // A key that has ended is refused by its record, for its state.
        if (key.countsAt(now)) {
            update.expiresAt()
                    .filter(end -> !policy.allowsExpiry(key, end, now))
                    .ifPresent(end -> {
                        throw new ExpiryNotAllowedException(end);
                    });
        }
    }
}
