package dev.apikeys;

import dev.apikeys.spi.OwnerDirectory;
import java.util.Objects;

/**
 * Checks whether an owner may be given a grant now. Asks the host's directory each time.
 *
 * <p>Thread-safe.
 */
final class Grantability {
    private final ScopePolicy scopePolicy;
    private final OwnerStates owners;

    Grantability(ScopePolicy scopePolicy, OwnerStates owners) {
        this.scopePolicy = scopePolicy;
        this.owners = owners;
    }

    /**
     * Checks that the owner is active and may do what the grant names.
     *
     * @throws OwnerInactiveException when the owner is suspended or unknown
     * @throws ScopeNotGrantableException when named scopes go beyond what the owner may do
     */
    void require(Owner owner, Grant grant) {
        OwnerDirectory.State state = requireActive(owner);
        if (grant instanceof Grant.ByScopes named) {
            Scopes beyond = scopePolicy.notGrantable(named.scopes(), state.scopes());
            if (!beyond.isEmpty()) {
                throw new ScopeNotGrantableException(beyond);
            }
        }
    }

    /**
     * Checks that the owner is active.
     *
     * @throws OwnerInactiveException when the owner is suspended or unknown
     */
    OwnerDirectory.State requireActive(Owner owner) {
        OwnerDirectory.State state = owners.fresh(owner);
        if (!state.isActive()) {
            throw new OwnerInactiveException();
        }
        return state;
    }

    Scopes notGrantable(Owner owner, Scopes wanted) {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(wanted, "wanted");
        return scopePolicy.notGrantable(wanted, owners.fresh(owner).scopes());
    }

    Scopes scopesOf(Grant grant) {
        return scopePolicy.expand(Objects.requireNonNull(grant, "grant"));
    }
}
