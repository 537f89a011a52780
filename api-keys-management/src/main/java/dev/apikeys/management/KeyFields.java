package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyName;
import dev.apikeys.KeyOptions;
import dev.apikeys.KeyPolicy;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.KeyUpdate;
import dev.apikeys.Mode;
import dev.apikeys.Owner;
import dev.apikeys.Scopes;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The rules for the fields of a key, one method for each rule, for every family. For a wrong field a method returns a
 * harmless default.
 *
 * <p>Not thread-safe; one per call.
 */
final class KeyFields {
    /** A key with an earlier end could expire before it is stored. */
    private static final Duration SHORTEST_LIFE = Duration.ofSeconds(1);

    private final FieldChecks checks;

    KeyFields(FieldChecks checks) {
        this.checks = checks;
    }

    /** Required: the key's name. */
    KeySpec named(KeySpec spec) {
        return checks.requiredText(Field.NAME, Violation.Code.INVALID)
                .flatMap(this::checkedName)
                .map(spec::named)
                .orElse(spec);
    }

    /** Optional: the key's name. */
    Optional<String> name() {
        return checks.has(Field.NAME)
                ? checks.requiredText(Field.NAME, Violation.Code.INVALID).flatMap(this::checkedName)
                : Optional.empty();
    }

    private Optional<String> checkedName(String name) {
        String stripped = KeyName.trimmed(name);
        if (stripped.codePointCount(0, stripped.length()) > ApiKey.MAX_NAME_LENGTH) {
            checks.violated(Field.NAME, Violation.Code.TOO_LONG);
            return Optional.empty();
        }
        return checks.accepted(Field.NAME, stripped, KeyUpdate.nothing()::named).flatMap(KeyUpdate::name);
    }

    /** Required: {@code read} or {@code write}. */
    KeySpec withMode(KeySpec spec) {
        return checks.requiredText(Field.MODE, Violation.Code.INVALID_MODE)
                .flatMap(this::checkedMode)
                .map(spec::mode)
                .orElse(spec);
    }

    /** Optional: {@code read} or {@code write}. */
    Optional<Mode> mode() {
        return checks.has(Field.MODE)
                ? checks.requiredText(Field.MODE, Violation.Code.INVALID_MODE).flatMap(this::checkedMode)
                : Optional.empty();
    }

    private Optional<Mode> checkedMode(String mode) {
        for (Mode known : Mode.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(mode)) {
                return Optional.of(known);
            }
        }
        checks.violated(Field.MODE, Violation.Code.INVALID_MODE);
        return Optional.empty();
    }

    /** Optional: whole days from 1. A value over the maximum of the policy becomes the maximum. */
    KeySpec expiring(KeySpec spec, KeyPolicy policy) {
        Object days = checks.value(Field.LIFETIME_DAYS);
        if (days == null) {
            return spec;
        }
        if (!(days instanceof Number)) {
            checks.violated(Field.LIFETIME_DAYS, Violation.Code.INVALID);
            return spec;
        }
        BigInteger wanted = new BigInteger(days.toString());
        if (wanted.signum() < 1) {
            checks.violated(Field.LIFETIME_DAYS, Violation.Code.OUT_OF_RANGE);
            return spec;
        }
        Duration longest = policy.maxLifetime();
        boolean fits = wanted.compareTo(BigInteger.valueOf(longest.toDays())) <= 0;
        return spec.expiresIn(fits ? Duration.ofDays(wanted.longValueExact()) : longest);
    }

    /**
     * Optional: the end in RFC 3339, in the future and within the policy. Without an end, the key never expires if the
     * policy allows that. Otherwise it has the lifetime that was asked for in days, or the default one. One key can't have
     * both an end and a lifetime.
     */
    KeySpec ending(KeySpec spec, KeyService keys) {
        if (!checks.has(Field.EXPIRES_AT)) {
            return keys.policy().mayNeverExpire(spec.kind()) ? spec.neverExpires() : spec;
        }
        Optional<Instant> end = end();
        if (end.isEmpty()) {
            return spec;
        }
        if (checks.has(Field.LIFETIME_DAYS)) {
            checks.violated(Field.EXPIRES_AT, Violation.Code.INVALID);
            return spec;
        }
        if (!isAhead(end.get(), keys)) {
            checks.violated(Field.EXPIRES_AT, Violation.Code.OUT_OF_RANGE);
            return spec;
        }
        return spec.expiresAt(end.get());
    }

    /** Optional: the end of a new key, which was ahead when the call came, and may not be any more after a slow step. */
    void endStillAhead(KeyService keys) {
        end().filter(end -> !isAhead(end, keys))
                .ifPresent(past -> checks.violated(Field.EXPIRES_AT, Violation.Code.OUT_OF_RANGE));
    }

    private static boolean isAhead(Instant end, KeyService keys) {
        Duration ahead = Duration.between(keys.now(), end);
        return ahead.compareTo(SHORTEST_LIFE) >= 0
                && ahead.compareTo(keys.policy().maxLifetime()) <= 0;
    }

    /** Optional: a time in RFC 3339. */
    Optional<Instant> end() {
        return checks.text(Field.EXPIRES_AT)
                .flatMap(text -> checks.accepted(Field.EXPIRES_AT, text, KeyFields::instant));
    }

    /** Optional: addresses and blocks from which the key may be used. */
    KeySpec allowedFrom(KeySpec spec) {
        return addresses().map(spec::allowedFrom).orElse(spec);
    }

    /** Optional: other addresses and blocks from which the key may be used; an empty list: from everywhere. */
    KeyUpdate allowedFrom(KeyUpdate update) {
        return addresses().map(update::allowedFrom).orElse(update);
    }

    private Optional<String[]> addresses() {
        return checks.words(Field.ALLOWED_FROM, words -> {
            String[] ranges = words.toArray(String[]::new);
            KeyUpdate.nothing().allowedFrom(ranges);
            return ranges;
        });
    }

    /** Optional: whole hours, at most those of the longest grace. */
    Duration grace(KeyPolicy policy) {
        Object hours = checks.value(Field.GRACE_HOURS);
        if (hours == null) {
            return policy.rotationGrace();
        }
        if (!(hours instanceof Number)) {
            checks.violated(Field.GRACE_HOURS, Violation.Code.INVALID);
            return policy.rotationGrace();
        }
        BigInteger wanted = new BigInteger(hours.toString());
        if (wanted.signum() < 0 || wanted.compareTo(BigInteger.valueOf(KeyPolicy.MAX_GRACE.toHours())) > 0) {
            checks.violated(Field.GRACE_HOURS, Violation.Code.OUT_OF_RANGE);
            return policy.rotationGrace();
        }
        return Duration.ofHours(wanted.longValueExact());
    }

    private static Instant instant(String text) {
        try {
            Instant end = OffsetDateTime.parse(text).toInstant();
            // Nor may a key end in every year that can be written.
            return KeyUpdate.nothing().expiresAt(end).expiresAt().orElseThrow();
        } catch (DateTimeException noTime) {
            throw new IllegalArgumentException("not a time", noTime);
        }
    }

    /** Optional: the host's word for the purpose of the key. */
    KeyOptions labelled(KeyOptions options) {
        return checks.text(Field.LABEL)
                .flatMap(label -> checks.accepted(Field.LABEL, KeyName.trimmed(label), text -> labelled(options, text)))
                .orElse(options);
    }

    private static KeyOptions labelled(KeyOptions options, String label) {
        if (label.isEmpty()) {
            throw new IllegalArgumentException("a label that is sent isn't empty");
        }
        return options.labelled(label);
    }

    /** Optional: scopes that may be granted. */
    Optional<Scopes> granted(Scopes grantable) {
        return scopes().filter(wanted -> {
            boolean within = grantable.covers(wanted);
            if (!within) {
                checks.violated(Field.SCOPES, Violation.Code.NOT_GRANTABLE);
            }
            return within;
        });
    }

    /** Optional: scopes, without a check of who may grant them. */
    Optional<Scopes> scopes() {
        return checks.words(Field.SCOPES, words -> Scopes.of(words.toArray(String[]::new)));
    }

    /** Optional: the organization and the workspace for the call; empty if they are not valid. */
    Optional<Owner> place(Caller.Session session) {
        Optional<String> organization = id(Field.ORGANIZATION, id -> new Owner(session.user(), id, null));
        Optional<String> workspace = id(Field.WORKSPACE, id -> new Owner(session.user(), null, id));
        boolean wrong = (checks.has(Field.ORGANIZATION) && organization.isEmpty())
                || (checks.has(Field.WORKSPACE) && workspace.isEmpty());
        return wrong
                ? Optional.empty()
                : Optional.of(new Owner(session.user(), organization.orElse(null), workspace.orElse(null)));
    }

    private Optional<String> id(Field field, Function<String, Owner> rule) {
        return checks.text(field).flatMap(id -> checks.accepted(field, id, rule).map(valid -> id));
    }
}
