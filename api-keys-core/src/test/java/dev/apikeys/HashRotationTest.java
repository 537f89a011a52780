package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.rejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.spi.SecretHash;
import dev.apikeys.testkit.Race;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stored hashes of several schemes and peppers: threats T48 and T49, and the replacing of old ones. */
class HashRotationTest {
    /** What is configured. */
    private enum Peppers implements Consumer<KeyServiceBuilder> {
        NONE,
        FIRST,
        SECOND,
        ONLY_OLD;

        @Override
        public void accept(KeyServiceBuilder settings) {
            switch (this) {
                case NONE -> {}
                case FIRST -> settings.pepper(pepper("p1"));
                case SECOND -> settings.oldPepper(pepper("p1")).pepper(pepper("p2"));
                case ONLY_OLD -> settings.oldPepper(pepper("p1"));
            }
        }
    }

    @Test
    void hash_ofNewKeys_isOfTheConfiguredScheme() {
        assertThat(schemeAfterIssue(Peppers.NONE)).isEqualTo("sha256");
        assertThat(schemeAfterIssue(Peppers.FIRST)).isEqualTo("hmac-sha256$p1");
        assertThat(schemeAfterIssue(Peppers.SECOND)).isEqualTo("hmac-sha256$p2");
        assertThat(schemeAfterIssue(Peppers.ONLY_OLD)).isEqualTo("sha256");
    }

    @Test
    void oldHash_afterVerifyAndFlush_isOfTheNewScheme() {
        rehashes(Peppers.NONE, Peppers.FIRST, "hmac-sha256$p1");
        rehashes(Peppers.FIRST, Peppers.SECOND, "hmac-sha256$p2");
        rehashes(Peppers.NONE, Peppers.SECOND, "hmac-sha256$p2");
        rehashes(Peppers.FIRST, Peppers.ONLY_OLD, "sha256");
    }

    private static void rehashes(Peppers before, Peppers after, String expectedScheme) {
        try (TestKeys first = new TestKeys(before);
                TestKeys second = new TestKeys(first.memory(), first.clock(), after)) {
            IssuedKey issued = first.issue();
            long epoch = first.memory().ownerChanged(Owner.user("nobody"));

            assertThat(second.verify(issued)).isInstanceOf(Verification.Accepted.class);
            second.keys().flush();

            assertThat(scheme(second, issued)).isEqualTo(expectedScheme);
            assertThat(second.keys().find(issued.key().id()).orElseThrow().version())
                    .isEqualTo(1);
            assertThat(first.memory().ownerChanged(Owner.user("nobody")))
                    .as("the epoch but for this call")
                    .isEqualTo(epoch + 1);
            assertThat(second.keys().stats().outdatedHashes()).isEqualTo(1);
            assertThat(second.keys().stats().rehashes()).isEqualTo(1);
            assertThat(second.verify(issued)).isInstanceOf(Verification.Accepted.class);
            try (TestKeys third = new TestKeys(first.memory(), first.clock(), after)) {
                assertThat(third.verify(issued)).isInstanceOf(Verification.Accepted.class);
                assertThat(third.keys().stats().outdatedHashes()).isZero();
            }
        }
    }

    @Test
    void oldHash_ofAPausedKey_isReplacedOnceTheKeyIsAccepted() {
        try (TestKeys before = new TestKeys();
                TestKeys after = new TestKeys(before.memory(), before.clock(), Peppers.FIRST)) {
            IssuedKey issued = before.issue();
            KeyRef key = KeyRef.of(issued.key().id());
            after.keys().pause(key, Actor.of("alice"));

            assertThat(after.verify(issued)).isEqualTo(rejected(Rejection.PAUSED));
            after.keys().flush();
            assertThat(scheme(after, issued)).isEqualTo("sha256");

            after.keys().resume(key, Actor.of("alice"));
            assertThat(after.verify(issued)).isInstanceOf(Verification.Accepted.class);
            after.keys().flush();
            assertThat(scheme(after, issued)).isEqualTo("hmac-sha256$p1");
        }
    }

    @Test
    void oldHash_ofAnExpiredKey_isLeft() {
        try (TestKeys before = new TestKeys();
                TestKeys after = new TestKeys(before.memory(), before.clock(), Peppers.FIRST)) {
            IssuedKey issued = before.issue();
            before.clock().advance(Duration.ofDays(4_000));

            assertThat(after.verify(issued)).isEqualTo(rejected(Rejection.EXPIRED));
            after.keys().flush();
            assertThat(scheme(after, issued)).isEqualTo("sha256");
        }
    }

    @Test
    void oldHash_verifiedByThirtyTwoThreads_isReplacedOnce() throws Exception {
        try (TestKeys before = new TestKeys();
                TestKeys after = new TestKeys(before.memory(), before.clock(), Peppers.FIRST)) {
            IssuedKey issued = before.issue();

            List<Race.Outcome<Verification>> answers = Race.run(32, () -> after.verify(issued));
            after.keys().flush();
            after.keys().flush();

            assertThat(answers).allMatch(answer -> answer.value() instanceof Verification.Accepted);
            assertThat(after.keys().stats().rehashes()).isEqualTo(1);
            assertThat(scheme(after, issued)).isEqualTo("hmac-sha256$p1");
            assertThat(after.verify(issued)).isInstanceOf(Verification.Accepted.class);
        }
    }

    @Test
    void oldHash_whoseReplacementFails_isReplacedByTheNextFlush() {
        try (TestKeys before = new TestKeys();
                TestKeys after = new TestKeys(before.memory(), before.clock(), Peppers.FIRST)) {
            IssuedKey issued = before.issue();
            after.verify(issued);
            after.store().before(StoreCall.REHASH, arguments -> {
                throw new StoreUnavailableException("down");
            });
            assertThatThrownBy(after.keys()::flush).isInstanceOf(StoreUnavailableException.class);
            assertThat(scheme(after, issued)).isEqualTo("sha256");

            after.store().heal();
            after.keys().flush();

            assertThat(scheme(after, issued)).isEqualTo("hmac-sha256$p1");
        }
    }

    @Test
    void wrongSecret_ofAnOldHash_replacesNothing() {
        try (TestKeys before = new TestKeys();
                TestKeys after = new TestKeys(before.memory(), before.clock(), Peppers.FIRST)) {
            IssuedKey issued = before.issue();
            String wrong = issued.token().reveal().substring(0, 29) + "0".repeat(48);

            assertThat(after.keys().verify(wrong)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            after.keys().flush();

            assertThat(after.store().calls(StoreCall.REHASH)).isZero();
            assertThat(after.keys().stats().outdatedHashes()).isZero();
        }
    }

    @Test
    void hash_copiedToAnotherRow_admitsNobody() {
        for (Peppers scheme : List.of(Peppers.NONE, Peppers.FIRST)) {
            try (TestKeys service = new TestKeys(
                    scheme.andThen(settings -> settings.policy(KeyPolicy.DEFAULT.maxActive(KeyKind.PERSONAL, 100))))) {
                List<IssuedKey> issued = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    issued.add(service.issue());
                }
                for (int i = 0; i + 1 < issued.size(); i += 2) {
                    IssuedKey mine = issued.get(i);
                    IssuedKey victim = issued.get(i + 1);
                    service.memory().rehash(victim.key().publicId(), hash(service, victim), hash(service, mine));
                    String forged = victim.token().reveal().substring(0, 29)
                            + mine.token().reveal().substring(29);

                    assertThat(service.keys().verify(forged)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "md5$%s",
                "SHA256$%s",
                "sha-256$%s",
                "%s",
                "$%s",
                "sha256$$%s",
                "sha256$%s$",
                "sha256$ %s",
                "sha256$%s ",
                "hmac-sha256$%s",
                "hmac-sha256$$%s",
                "hmac-sha256$unknown$%s",
                "hmac-sha256$p1$%s",
                "sha256$p1$%s",
                "plain$%s",
                "none$",
                "sha1$%s",
                "hmac-sha256$P1$%s"
            })
    void hash_ofAnUnknownSchemeOrPepper_isDenied(String form) {
        try (TestKeys service = new TestKeys(Peppers.FIRST);
                TestKeys plain = new TestKeys()) {
            IssuedKey issued = service.issue();
            IssuedKey other = plain.issue();
            String digest = hash(plain, other).encoded().substring("sha256$".length());
            plain.memory().rehash(other.key().publicId(), hash(plain, other), new SecretHash(form.formatted(digest)));
            service.memory()
                    .rehash(issued.key().publicId(), hash(service, issued), new SecretHash(form.formatted(digest)));

            assertThat(plain.verify(other)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            assertThat(service.verify(issued)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
        }
    }

    @Test
    void hash_ofAPepperThatIsGone_isDeniedAndKept() {
        try (TestKeys before = new TestKeys(Peppers.FIRST);
                TestKeys after = new TestKeys(before.memory(), before.clock(), Peppers.NONE)) {
            IssuedKey issued = before.issue();

            assertThat(after.verify(issued)).isEqualTo(rejected(Rejection.SECRET_MISMATCH));
            after.keys().flush();

            assertThat(scheme(after, issued)).isEqualTo("hmac-sha256$p1");
            assertThat(before.verify(issued)).isInstanceOf(Verification.Accepted.class);
        }
    }

    private static String schemeAfterIssue(Peppers settings) {
        try (TestKeys service = new TestKeys(settings)) {
            IssuedKey issued = service.issue();
            assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
            return scheme(service, issued);
        }
    }

    private static SecretHash hash(TestKeys service, IssuedKey issued) {
        return service.memory()
                .findCredential(issued.key().publicId())
                .orElseThrow()
                .hash();
    }

    private static String scheme(TestKeys service, IssuedKey issued) {
        String encoded = hash(service, issued).encoded();
        return encoded.substring(0, encoded.lastIndexOf('$'));
    }

    private static Pepper pepper(String id) {
        byte[] key = new byte[Pepper.MIN_BYTES];
        key[0] = (byte) id.charAt(1);
        return Pepper.of(id, key);
    }
}
