package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.apikeys.spi.ImportedTokens;
import dev.apikeys.spi.PasswordHashing;
import dev.apikeys.testkit.FaultyStore;
import dev.apikeys.testkit.SettableClock;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Threat T34: whatever fails, and wherever, no door opens and nothing is left half done. */
@Tag("tr-skip") // A fault knows no locale.
class FaultTest {
    private static final List<Throwable> FAULTS = List.of(
            new StoreUnavailableException("down"),
            new IllegalStateException("a store's bug"),
            new SQLException("as Kotlin throws it"),
            new StackOverflowError(),
            new NoClassDefFoundError("driver"));

    /** A management call. */
    private interface Call {
        @Nullable
        Object on(KeyService keys, IssuedKey key);
    }

    private static final Map<String, Call> CALLS = Map.of(
            "issue", (keys, key) -> keys.issue(TestKeys.spec()),
            "update", (keys, key) -> keys.update(ref(key), KeyUpdate.nothing().named("other"), ACTOR),
            "rotate", (keys, key) -> keys.rotate(ref(key), ACTOR),
            "revoke", (keys, key) -> keys.revoke(ref(key), ACTOR, ""),
            "pause", (keys, key) -> keys.pause(ref(key), ACTOR),
            "find", (keys, key) -> keys.find(ref(key)),
            "list", (keys, key) -> keys.listAll(KeyFilter.everything()),
            "audit", (keys, key) -> keys.audit(AuditFilter.everything(), PageRequest.first(10)),
            "ownerChanged",
                    (keys, key) -> {
                        keys.ownerChanged(TestKeys.ALICE);
                        return null;
                    });

    @ParameterizedTest
    @EnumSource(
            value = StoreCall.class,
            names = {"READ_FEED", "CLOSE_FEED"},
            mode = EnumSource.Mode.EXCLUDE)
    void verification_whileAStoreMethodFails_acceptsNothingItHasNotRead(StoreCall call) {
        for (Throwable fault : FAULTS) {
            try (TestKeys service = new TestKeys()) {
                IssuedKey issued = service.issue();
                fail(service, call, fault);

                for (int i = 0; i < 3; i++) {
                    Outcome outcome = outcome(() -> service.verify(issued));
                    if (call == StoreCall.FIND_CREDENTIAL) {
                        assertThat(outcome.failure()).isInstanceOf(expected(fault));
                    } else {
                        assertThat(outcome.value()).isInstanceOf(Verification.Accepted.class);
                    }
                }
                service.store().heal();
                assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = StoreCall.class,
            names = {"READ_FEED", "CLOSE_FEED"},
            mode = EnumSource.Mode.EXCLUDE)
    void managementCall_beforeWhoseWorkTheStoreFails_doesNothing(StoreCall broken) {
        for (Throwable fault : FAULTS) {
            CALLS.forEach((name, call) -> {
                List<KeyEvent> events = new ArrayList<>();
                try (TestKeys service = new TestKeys(settings -> settings.listener(events::add))) {
                    IssuedKey issued = service.issue();
                    events.clear();
                    List<ApiKey> keysBefore = service.keys().listAll(KeyFilter.everything());
                    fail(service, broken, fault);

                    Outcome outcome = outcome(() -> call.on(service.keys(), issued));
                    service.store().heal();

                    if (outcome.failure() != null) {
                        assertThat(outcome.failure())
                                .as("%s at %s", name, broken)
                                .isSameAs(fault);
                        assertThat(events).as("%s at %s", name, broken).isEmpty();
                        assertThat(service.keys().listAll(KeyFilter.everything()))
                                .as("%s at %s", name, broken)
                                .isEqualTo(keysBefore);
                        assertThat(service.keys()
                                        .audit(AuditFilter.everything(), PageRequest.first(10))
                                        .total())
                                .isEqualTo(1);
                        assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
                    }
                }
            });
        }
    }

    @Test
    void managementCall_whoseAnswerIsLost_isDoneWhole() {
        for (Throwable fault : FAULTS) {
            try (TestKeys service = new TestKeys()) {
                IssuedKey issued = service.issue();
                service.verify(issued);
                service.store().after(StoreCall.APPLY, arguments -> FaultTest.<RuntimeException>sneaky(fault));
                service.store().after(StoreCall.INSERT, arguments -> FaultTest.<RuntimeException>sneaky(fault));

                assertThat(catchThrowable(() -> service.keys().revoke(ref(issued), ACTOR, "")))
                        .isSameAs(fault);
                assertThat(catchThrowable(service::issue)).isSameAs(fault);
                service.store().heal();

                assertThat(service.verify(issued)).isEqualTo(TestKeys.rejected(Rejection.REVOKED));
                List<ApiKey> keys = service.keys().listAll(KeyFilter.everything());
                assertThat(keys).as("the lost key can be seen and revoked").hasSize(2);
                assertThat(service.keys()
                                .audit(AuditFilter.everything(), PageRequest.first(10))
                                .total())
                        .isEqualTo(3);
            }
        }
    }

    @Test
    void directory_thatFails_admitsNobody_andIsNoRefusal() {
        List<Throwable> faults = List.of(
                new IllegalStateException("LDAP is down"),
                new NullPointerException(),
                new IOException("as Kotlin throws it"),
                new StackOverflowError());
        for (Throwable fault : faults) {
            try (TestKeys service = new TestKeys()) {
                IssuedKey issued = service.issue();
                service.owners().failWith(fault);

                Outcome verified = outcome(() -> service.verify(issued));
                Outcome minted = outcome(service::issue);
                Outcome rotated = outcome(() -> service.keys().rotate(ref(issued), ACTOR));
                Outcome widened = outcome(() ->
                        service.keys().update(ref(issued), KeyUpdate.nothing().scopes(Scopes.of("read:x")), ACTOR));

                Class<?> expected = fault instanceof Error ? Error.class : OwnerDirectoryUnavailableException.class;
                assertThat(List.of(verified, minted, rotated, widened))
                        .allSatisfy(outcome -> assertThat(outcome.failure()).isInstanceOf(expected));
                assertThat(service.keys().listAll(KeyFilter.everything())).containsExactly(issued.key());
                service.owners().failWith(null);
                assertThat(service.verify(issued)).isInstanceOf(Verification.Accepted.class);
            }
        }
    }

    @Test
    void directory_thatAnswersNull_admitsNobody() {
        try (TestKeys service = new TestKeys();
                TestKeys broken = new TestKeys(
                        service.memory(), service.clock(), settings -> settings.ownerDirectory(owner -> null))) {
            IssuedKey issued = service.issue();

            assertThat(outcome(() -> broken.verify(issued)).failure())
                    .isInstanceOf(OwnerDirectoryUnavailableException.class);
            assertThat(outcome(broken::issue).failure()).isInstanceOf(OwnerDirectoryUnavailableException.class);
        }
    }

    @Test
    void directory_thatFails_doesNotHoldUpRevocation() {
        try (TestKeys service = new TestKeys()) {
            IssuedKey issued = service.issue();
            service.verify(issued);
            service.owners().failWith(new IllegalStateException("LDAP is down"));

            service.keys().pause(ref(issued), ACTOR);
            assertThat(service.verify(issued)).isEqualTo(TestKeys.rejected(Rejection.PAUSED));
            service.keys().revoke(ref(issued), ACTOR, "");
            assertThat(service.verify(issued)).isEqualTo(TestKeys.rejected(Rejection.REVOKED));
        }
    }

    @Test
    void passwordHashing_thatThrowsACheckedException_matchesNoSecret() {
        PasswordHashing broken = new PasswordHashing() {
            @Override
            public boolean supports(String encoded) {
                return true;
            }

            @Override
            public int maxSecretBytes(String encoded) {
                return Integer.MAX_VALUE;
            }

            @Override
            public int threads(String encoded) {
                throw checked();
            }

            @Override
            public boolean matches(String secret, String encoded) {
                throw checked();
            }
        };
        TokenFormat format = TokenFormat.builder()
                .alsoAccept(ImportedTokens.separated("old_", '.'))
                .build();
        try (TestKeys service =
                new TestKeys(settings -> settings.passwordHashing(broken).tokenFormat(format))) {
            service.keys().importKey(TestKeys.spec(), ImportedToken.of("1", "$5"));

            assertThat(service.keys().verify("old_1.right")).isEqualTo(TestKeys.rejected(Rejection.SECRET_MISMATCH));
        }
    }

    @Test
    void importOfTheHost_thatThrowsACheckedException_refusesTheTokenAndTheLine() {
        ImportedTokens broken = presented -> {
            throw checked();
        };
        TokenFormat format = TokenFormat.builder().alsoAccept(broken).build();
        try (TestKeys service = new TestKeys(settings -> settings.tokenFormat(format))) {
            assertThat(service.keys().verify("old_1.right")).isEqualTo(TestKeys.rejected(Rejection.MALFORMED));

            ImportReport report = service.keys()
                    .transfer()
                    .importKeys(
                            Stream.of("one", "two"),
                            line -> {
                                throw checked();
                            },
                            ImportOptions.DEFAULT);

            assertThat(report.firstRefused())
                    .extracting(ImportReport.Refused::reason)
                    .containsExactly("the line can't be read: SQLException", "the line can't be read: SQLException");
        }
    }

    /** Throws what Kotlin, Scala and Groovy let anybody throw. */
    private static RuntimeException checked() {
        FaultTest.<RuntimeException>sneaky(new SQLException("as Kotlin throws it"));
        return new IllegalStateException("never");
    }

    @Test
    void store_thatAnswersNull_admitsNobody() {
        try (TestKeys service = new TestKeys()) {
            IssuedKey issued = service.issue();
            FaultyStore empty = new FaultyStore();
            for (StoreCall call : StoreCall.values()) {
                empty.answer(call, null);
            }
            try (KeyService keys = KeyService.builder(empty).build()) {
                assertThat(outcome(() -> keys.verify(issued.token().reveal())).failure())
                        .isInstanceOf(StoreUnavailableException.class);
            }
        }
    }

    @Test
    void clock_thatFails_opensNothing() {
        try (TestKeys service = new TestKeys()) {
            IssuedKey issued = service.issue();
            IllegalStateException noTime = new IllegalStateException("no time");
            AtomicReference<RuntimeException> fault = new AtomicReference<>();
            TestKeys broken =
                    new TestKeys(service.memory(), service.clock(), settings -> settings.clock(new BrokenClock(fault)));
            fault.set(noTime);

            for (int i = 0; i < 2; i++) {
                assertThat(outcome(() -> broken.verify(issued)).failure()).isSameAs(fault.get());
            }
            assertThat(outcome(broken::issue).failure()).isSameAs(fault.get());
            assertThat(outcome(() -> broken.keys().revoke(ref(issued), ACTOR, ""))
                            .failure())
                    .isSameAs(fault.get());
            assertThat(service.keys().listAll(KeyFilter.everything())).containsExactly(issued.key());
            broken.close();
        }
    }

    @Test
    void ticker_thatFails_opensNothing() {
        AtomicBoolean failing = new AtomicBoolean();
        try (TestKeys service = new TestKeys()) {
            IssuedKey issued = service.issue();
            try (TestKeys broken = new TestKeys(
                    service.memory(),
                    service.clock(),
                    settings -> settings.ticker(() -> {
                        if (failing.get()) {
                            throw new IllegalStateException("no time");
                        }
                        return 0;
                    }))) {
                failing.set(true);
                assertThat(outcome(() -> broken.verify(issued)).failure()).isInstanceOf(IllegalStateException.class);
            }
        }
    }

    @Test
    void time_inFarPastOrFuture_opensNothingThatIsOver() {
        try (TestKeys service = new TestKeys()) {
            IssuedKey issued = service.issue();
            service.clock().set(Instant.parse("+999999-01-01T00:00:00Z"));
            assertThat(service.verify(issued)).isEqualTo(TestKeys.rejected(Rejection.EXPIRED));
            service.clock().set(Instant.EPOCH.minus(Duration.ofDays(1)));
            assertThat(service.verify(issued)).isEqualTo(TestKeys.rejected(Rejection.EXPIRED));
        }
    }

    private static void fail(TestKeys service, StoreCall call, Throwable fault) {
        service.store().before(call, arguments -> FaultTest.<RuntimeException>sneaky(fault));
    }

    private static Class<? extends Throwable> expected(Throwable fault) {
        return fault instanceof Error ? fault.getClass() : StoreUnavailableException.class;
    }

    /** Throws it, checked or not. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void sneaky(Throwable fault) throws E {
        throw (E) fault;
    }

    private record Outcome(@Nullable Object value, @Nullable Throwable failure) {}

    private interface Step {
        @Nullable
        Object take() throws Exception;
    }

    private static Outcome outcome(Step step) {
        Object[] value = new Object[1];
        Throwable failure = catchThrowable(() -> value[0] = step.take());
        return new Outcome(value[0], failure);
    }

    /** A clock that throws. */
    private static final class BrokenClock extends Clock {
        private final AtomicReference<RuntimeException> fault;

        BrokenClock(AtomicReference<RuntimeException> fault) {
            this.fault = fault;
        }

        @Override
        public Instant instant() {
            RuntimeException failure = fault.get();
            if (failure != null) {
                throw failure;
            }
            return SettableClock.START;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
