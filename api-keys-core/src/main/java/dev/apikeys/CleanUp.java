package dev.apikeys;

import dev.apikeys.IdlePolicy.Due;
import dev.apikeys.spi.ApiKeyStore;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Calls for many keys at once, and for what a service does by itself about keys that end or that nobody uses.
 *
 * <p>Thread-safe.
 */
public final class CleanUp {
    private static final int PAGE = 500;

    private final ApiKeyStore store;
    private final Revocations revocations;
    private final Chores chores;

    CleanUp(ApiKeyStore store, Revocations revocations, Chores chores) {
        this.store = store;
        this.revocations = revocations;
        this.chores = chores;
    }

    /**
     * How many keys {@link #revokeAll} would revoke now; of more than 10,000 an estimate, see {@link Page.Count}.
     *
     * @throws StoreUnavailableException when the store failed
     */
    public long countRevocable(KeyFilter filter) {
        Objects.requireNonNull(filter, "filter");
        return store.list(filter.unrevoked(), PageRequest.first(1)).total();
    }

    /**
     * Revokes all keys that match the filter, expired ones included, such as
     * {@code KeyFilter.ownedBy(KeyKind.PERSONAL, owner)}. Each is a revocation of its own, with its audit entry and its
     * event, so that no transaction is long. Each key is held against the filter again when it is revoked: one that was
     * used meanwhile is not unused. Uses that this node noted are written first; another node's become known within its
     * usage interval. Keys that are issued meanwhile are revoked too.
     *
     * @param reason the reason in the actor's words; cut to 255 characters; may be empty
     * @return how many were revoked, and from when they are rejected everywhere
     * @throws StoreUnavailableException when the store failed; some keys may be revoked, and the call can be repeated
     */
    public BulkRevocation revokeAll(KeyFilter filter, Actor actor, String reason) {
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(reason, "reason");
        chores.writeUses();
        KeyFilter present = filter.unrevoked();
        Set<UUID> unchanged = new HashSet<>();
        long revoked = 0;
        long latest;
        // Once more after the last one: keys may have been issued behind the page that was read.
        do {
            latest = revokePages(present, actor, reason, unchanged);
            revoked += latest;
        } while (latest > 0);
        return revocations.report(revoked, List.copyOf(unchanged));
    }

    private long revokePages(KeyFilter present, Actor actor, String reason, Set<UUID> unchanged) {
        long revoked = 0;
        PageRequest next = PageRequest.first(PAGE);
        while (true) {
            List<ApiKey> page = store.list(present, next).items();
            for (ApiKey key : page) {
                if (isRevoked(new KeyRef(key.id(), present), actor, reason, unchanged)) {
                    revoked++;
                }
            }
            if (page.size() < PAGE) {
                return revoked;
            }
            ApiKey last = page.get(PAGE - 1);
            next = PageRequest.after(new PageRequest.Position(last.createdAt(), last.id()), PAGE);
        }
    }

    private boolean isRevoked(KeyRef ref, Actor actor, String reason, Set<UUID> unchanged) {
        try {
            revocations.revoke(ref, actor, reason);
            unchanged.remove(ref.id());
            return true;
        } catch (KeyNotFoundException | InvalidKeyStateException meanwhile) {
            return false;
        } catch (ConcurrentChangeException busy) {
            unchanged.add(ref.id());
            return false;
        }
    }

    /**
     * What the {@link IdlePolicy} of the service would do now, step by step; changes nothing. Empty without such a policy.
     *
     * @throws StoreUnavailableException when the store failed
     */
    public List<Due> idleKeysDue() {
        return chores.idleDue();
    }

    /** As {@link #idleKeysDue()}, for a policy that the service doesn't have: a trial. */
    public List<Due> idleKeysDue(IdlePolicy policy) {
        return chores.idleDue(Objects.requireNonNull(policy, "policy"));
    }

    /**
     * Gives the notices that are due, takes the steps of the idle policy, and removes audit entries that are past their
     * retention. It runs automatically every ten minutes, on one of the nodes; does nothing while another one is at it.
     *
     * @throws StoreUnavailableException when the store failed; what was done until then stays done
     */
    public void runDue() {
        chores.run();
    }
}
