package dev.apikeys.management;

import dev.apikeys.Owner;

/**
 * The host's answer to what a person may hand on to a key. A key never gets more than that when it is made, nor, by
 * {@link dev.apikeys.spi.OwnerDirectory}, more than its owner may do at each use.
 *
 * <p>Is asked in every call that shows, gives or changes scopes. What it throws is answered with 502, with 504 when a
 * time-out is the cause, or with 503 in families that have neither; nothing is written then.
 *
 * <p>Implementations must be thread-safe.
 */
@FunctionalInterface
public interface ScopeCatalogue {
    /**
     * What the person may hand on.
     *
     * @param caller who asks, as the {@link SessionResolver} said
     * @param owner whom the key acts for: the person, in the organization and workspace that the call names, if any; or an
     *     organization as a whole. The ids come from the request, so whether the person belongs there is part of the
     *     answer.
     * @return never null
     */
    Grantable grantable(Caller.Session caller, Owner owner);
}
