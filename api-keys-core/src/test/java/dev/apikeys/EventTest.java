package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTest {
    private static final Actor ADMIN = Actor.of("admin");

    private final List<KeyEvent> events = new ArrayList<>();

    @Test
    void everyChange_isToldWithTheKeyAsItIsThen() {
        try (TestKeys service = new TestKeys(settings -> settings.listener(events::add))) {
            IssuedKey issued = service.keys().issue(TestKeys.spec().createdBy(ADMIN));
            ApiKey updated =
                    service.keys().update(ref(issued), KeyUpdate.nothing().named("Billing"), ADMIN);
            ApiKey paused = service.keys().pause(ref(issued), ADMIN);
            ApiKey resumed = service.keys().resume(ref(issued), ADMIN);
            ApiKey rotated = service.keys().rotate(ref(issued), ADMIN).key();
            ApiKey revoked = service.keys().revoke(ref(issued), ADMIN, "").key();

            assertThat(events)
                    .containsExactly(
                            new KeyEvent.Issued(issued.key(), ADMIN),
                            new KeyEvent.Updated(updated, ADMIN),
                            new KeyEvent.Paused(paused, ADMIN),
                            new KeyEvent.Resumed(resumed, ADMIN),
                            new KeyEvent.Rotated(rotated, ADMIN),
                            new KeyEvent.Revoked(revoked, ADMIN));
        }
    }

    @Test
    void importedKey_isToldWithItsCreatorAndTheRequest_byEachCall() {
        Actor creator = new Actor("root", new ClientRequest("192.0.2.7", "POST", "/import"));
        KeySpec spec =
                KeySpec.forUser("alice", "org_1").named("old").mode(Mode.READ).createdBy(creator);
        try (TestKeys service = new TestKeys(settings -> settings.listener(events::add))) {
            ApiKey alone = service.keys().importKey(spec, ImportedToken.sha256("1", "0".repeat(64)));
            service.keys()
                    .transfer()
                    .importKeys(
                            Stream.of(ImportedKey.of(spec, ImportedToken.sha256("2", "0".repeat(64)))),
                            ImportOptions.DEFAULT);
            ApiKey together = service.keys().list(KeyFilter.everything(), PageRequest.first(2)).items().stream()
                    .filter(key -> !key.id().equals(alone.id()))
                    .findFirst()
                    .orElseThrow();

            assertThat(events)
                    .containsExactly(new KeyEvent.Issued(alone, creator), new KeyEvent.Issued(together, creator));
        }
    }

    @Test
    void whatChangedNothing_isNotTold() {
        try (TestKeys service = new TestKeys(settings -> settings.listener(events::add))) {
            IssuedKey issued = service.issue();
            events.clear();
            service.keys().resume(ref(issued), ADMIN);
            service.keys().update(ref(issued), KeyUpdate.nothing(), ADMIN);
            assertThatThrownBy(() -> service.keys().pause(KeyRef.of(UUID.randomUUID()), ADMIN))
                    .isInstanceOf(KeyNotFoundException.class);
            service.store().before(StoreCall.APPLY, arguments -> {
                throw new StoreUnavailableException("down");
            });
            assertThatThrownBy(() -> service.keys().revoke(ref(issued), ADMIN, ""))
                    .isInstanceOf(StoreUnavailableException.class);
            service.store().before(StoreCall.INSERT, arguments -> {
                throw new StoreUnavailableException("down");
            });
            assertThatThrownBy(service::issue).isInstanceOf(StoreUnavailableException.class);

            assertThat(events).isEmpty();
        }
    }

    @Test
    void event_isToldAfterTheCommit_andAfterTheOwnCacheForgot() {
        List<String> seen = new ArrayList<>();
        KeyService[] keys = new KeyService[1];
        String[] token = new String[1];
        try (TestKeys service = new TestKeys(settings -> settings.listener(event -> {
            ApiKey stored = keys[0].find(event.key().id()).orElseThrow();
            assertThat(stored).isEqualTo(event.key());
            if (token[0] != null) {
                seen.add(keys[0].verify(token[0]).toString());
            }
        }))) {
            keys[0] = service.keys();
            IssuedKey issued = service.issue();
            token[0] = issued.token().reveal();
            service.verify(issued);
            service.keys().pause(ref(issued), ADMIN);
            service.keys().revoke(ref(issued), ADMIN, "");
        }
        assertThat(seen)
                .containsExactly(
                        TestKeys.rejected(Rejection.PAUSED).toString(),
                        TestKeys.rejected(Rejection.REVOKED).toString());
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, AssertionError.class, StackOverflowError.class})
    void listener_thatThrows_harmsNeitherTheChangeNorTheNextListener(Class<? extends Throwable> kind) {
        try (TestKeys service = new TestKeys(settings -> settings.listener(event -> {
                    if (kind == StackOverflowError.class) {
                        throw new StackOverflowError();
                    }
                    if (kind == AssertionError.class) {
                        throw new AssertionError("no");
                    }
                    throw new IllegalStateException("no");
                })
                .listener(events::add))) {
            IssuedKey issued = service.issue();
            service.keys().revoke(ref(issued), ADMIN, "");

            assertThat(events).hasSize(2);
            assertThat(service.verify(issued)).isEqualTo(TestKeys.rejected(Rejection.REVOKED));
        }
    }
}
