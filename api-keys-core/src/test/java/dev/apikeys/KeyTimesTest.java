package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.ApiKey.Revocation;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.testkit.SampleKey;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No key gets a time that a database or RFC 3339 can't hold, and each that they can is good. */
class KeyTimesTest {
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");
    private static final KeyPolicy FOR_EVER = KeyPolicy.DEFAULT
            .organizationKeysMayNeverExpire()
            .expiryMayMoveLater()
            .lifetime(Duration.ofDays(90), ChronoUnit.FOREVER.getDuration());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+10000-01-01T00:00:00Z",
                "-0001-12-31T23:59:59.999Z",
                "+999999999-12-31T23:59:59Z",
                "-1000000000-01-01T00:00:00Z"
            })
    void time_thatCantBeStored_isRefusedWhereItIsGiven(Instant time) {
        ImportedKey imported =
                ImportedKey.of(TestKeys.spec(), ImportedForm.laravelSanctum().token("7", "0badcafe".repeat(8)));
        assertRefused(time, () -> TestKeys.spec().expiresAt(time));
        assertRefused(time, () -> KeyUpdate.nothing().expiresAt(time));
        assertRefused(time, () -> imported.expiresAt(time));
        assertRefused(time, () -> imported.createdAt(time));
        assertRefused(time, () -> imported.pausedAt(time));
        assertRefused(time, () -> imported.revoked(new Revocation(time, "root", "")));
        assertRefused(time, () -> imported.lastUsed(new LastUse(time, null)));
        for (ApiKey key : List.of(
                new SampleKey().createdAt(time).build(),
                new SampleKey().expiresAt(time).build(),
                new SampleKey().pausedAt(time).build(),
                new SampleKey().revoked(new Revocation(time, "root", "")).build())) {
            assertRefused(time, () -> ImportedKey.of(exported(key, null)));
        }
        assertRefused(time, () -> ImportedKey.of(exported(new SampleKey().build(), time)));
    }

    private static void assertRefused(Instant time, ThrowingCallable call) {
        assertThatIllegalArgumentException()
                .isThrownBy(call)
                .withMessageContaining("years 0 to 9999")
                .withMessageContaining(time.toString());
    }

    private static ExportedKey exported(ApiKey key, Instant endOfOldToken) {
        SecretHash hash = new SecretHash("sha256$" + "0badcafe".repeat(8));
        return new ExportedKey(
                key,
                List.of(
                        new ExportedKey.Token(key.publicId(), hash, null),
                        new ExportedKey.Token("0".repeat(24), hash, endOfOldToken)));
    }

    @Test
    void latestTime_isGood_alsoWhereAKeyMayLiveForEver() {
        try (TestKeys service = new TestKeys(settings -> settings.policy(FOR_EVER))) {
            IssuedKey issued = service.keys()
                    .issue(KeySpec.forOrganization("org_1")
                            .named("CI")
                            .scopes("read:systems")
                            .expiresAt(LATEST));

            assertThat(service.verify(issued).orElseThrow().expiresAt()).isEqualTo(LATEST);
            Instant sooner = LATEST.minusMillis(1);
            service.keys().update(ref(issued), KeyUpdate.nothing().expiresAt(sooner), ACTOR);
            service.keys().update(ref(issued), KeyUpdate.nothing().expiresAt(LATEST), ACTOR);
            assertThat(service.verify(issued).orElseThrow().expiresAt()).isEqualTo(LATEST);
        }
    }

    @Test
    void lifetime_thatEndsInNoYear_isRefused() {
        try (TestKeys service = new TestKeys(settings -> settings.policy(FOR_EVER))) {
            for (Duration life : List.of(Duration.ofDays(365_250 * 8L), ChronoUnit.FOREVER.getDuration())) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> service.keys().issue(TestKeys.spec().expiresIn(life)))
                        .withMessageContaining(life.toString());
            }
        }
    }
}
