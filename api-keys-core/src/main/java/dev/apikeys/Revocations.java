package dev.apikeys;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Revokes keys, and tells from when they are rejected everywhere. Thread-safe. */
final class Revocations {
    private final KeyChanges changes;
    private final Lease time;
    private final LeasePolicy policy;

    Revocations(KeyChanges changes, Lease time, LeasePolicy policy) {
        this.changes = changes;
        this.time = time;
        this.policy = policy;
    }

    RevocationReceipt revoke(KeyRef ref, Actor actor, String reason) {
        return receipt(changes.revoke(ref, actor, reason));
    }

    /** Revokes the key unless it is revoked, and waits until no node can accept it any more. */
    RevocationReceipt revokeAndWait(KeyRef ref, Actor actor, String reason) throws InterruptedException {
        RevocationReceipt receipt = receipt(changes.revokeUnlessRevoked(ref, actor, reason));
        // NTP may stretch or shorten a second by 0.05 %.
        long bound = policy.bound().toNanos();
        TimeUnit.NANOSECONDS.sleep(bound + bound / 1_000);
        return receipt;
    }

    /** The report of many revocations, of which the last one is committed. */
    BulkRevocation report(long revoked, List<UUID> unchanged) {
        Instant now = time.now();
        return new BulkRevocation(revoked, unchanged, now.plus(policy.trust()), now.plus(policy.bound()));
    }

    private RevocationReceipt receipt(ApiKey revoked) {
        Instant now = time.now();
        return new RevocationReceipt(revoked, now.plus(policy.trust()), now.plus(policy.bound()));
    }
}
