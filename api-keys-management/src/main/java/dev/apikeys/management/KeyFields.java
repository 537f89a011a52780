package dev.apikeys.management;

import dev.apikeys.ApiKey;
import dev.apikeys.KeyKind;
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
        Optional<String> mode = checks.requiredText(Field.MODE, Violation.Code.INVALID_MODE);
        if (mode.isEmpty()) {
            return spec;
        }
        for (Mode known : Mode.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(mode.get())) {
                return spec.mode(known);
            }
        }
        checks.violated(Field.MODE, Violation.Code.INVALID_MODE);
        return spec;
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
     * policy allows that. Otherwise it has the default lifetime.
     */
    KeySpec ending(KeySpec spec, KeyService keys) {
        if (!checks.has(Field.EXPIRES_AT)) {
            return keys.policy().mayNeverExpire(KeyKind.ORGANIZATION) ? spec.neverExpires() : spec;
        }
        Optional<Instant> end = checks.text(Field.EXPIRES_AT)
                .flatMap(text -> checks.accepted(Field.EXPIRES_AT, text, KeyFields::instant));
        if (end.isEmpty()) {
            return spec;
        }
        Duration ahead = Duration.between(keys.now(), end.get());
        if (ahead.compareTo(SHORTEST_LIFE) < 0 || ahead.compareTo(keys.policy().maxLifetime()) > 0) {
            checks.violated(Field.EXPIRES_AT, Violation.Code.OUT_OF_RANGE);
            return spec;
        }
        return spec.expiresAt(end.get());
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
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
