package dev.apikeys.spring;

import dev.apikeys.LeasePolicy;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How soon a revoked key stops working on every node, and what happens while the database can't be reached.
 *
 * <p>Immutable and thread-safe.
 *
 * @param pollInterval how often the database is asked for changes
 * @param pollTimeout how long one question may take
 * @param trust how long an answer is trusted: the bound within which a revocation holds on every node
 * @param consistency whether verified keys go on for a grace while the database can't be reached
 * @param grace how long verified keys go on while the database can't be reached, under consistency balanced; 0, or at
 *     least a second
 */
@ConfigurationProperties("apikeys.lease")
public record LeaseProperties(
        @DefaultValue("250ms") Duration pollInterval,
        @DefaultValue("200ms") Duration pollTimeout,
        @DefaultValue("1s") Duration trust,
        @DefaultValue("balanced") Consistency consistency,
        @DefaultValue("60s") Duration grace) {
    /** What happens while the database can't be reached. */
    public enum Consistency {
        /** Keys that were verified before go on for the grace. */
        BALANCED,
        /** Every request with a key gets a 503 once the trust is over. */
        STRICT
    }

    LeasePolicy toPolicy() {
        Setting.requireAtLeast("apikeys.lease.poll-interval", Duration.ofMillis(10), pollInterval, "250ms");
        Setting.requireAtLeast("apikeys.lease.poll-timeout", Duration.ofMillis(10), pollTimeout, "200ms");
        Setting.requireZeroOrAtLeast("apikeys.lease.grace", Duration.ofSeconds(1), grace, "60s");
        LeasePolicy timed = Setting.apply(
                "apikeys.lease.trust", LeasePolicy.DEFAULT, from -> from.timing(pollInterval, pollTimeout, trust));
        return consistency == Consistency.STRICT
                ? timed.strict()
                : Setting.apply("apikeys.lease.grace", timed, from -> from.balanced(grace));
    }
}
