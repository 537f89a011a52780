package dev.apikeys;

import static dev.apikeys.testkit.TestKeys.ACTOR;
import static dev.apikeys.testkit.TestKeys.ALICE;
import static dev.apikeys.testkit.TestKeys.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.apikeys.leaks.TraceLog;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.testkit.SettableClock;
import dev.apikeys.testkit.StoreCall;
import dev.apikeys.testkit.TestKeys;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threat T30: no part of a secret in any log, exception or text of an object, on any path, at the finest level. */
class SecretLeakTest {
    private static final int WINDOW = 8;
    private static final String PEPPER = "pepper-canary-7c1f0a9be2d84653-0001";

    private final TraceLog log = new TraceLog();
    private final List<String> texts = new ArrayList<>();
    private final List<String> canaries = new ArrayList<>(List.of(PEPPER));
    /** Ids may stand anywhere. They are random, so that some digits of a secret are in one of them now and then. */
    private final Set<String> ids = new HashSet<>();

    @AfterEach
    void listenNoMore() {
        log.close();
    }

    @Test
    void secret_onEveryPath_isNowhere() {
        Pepper pepper = Pepper.of("p1", PEPPER.getBytes(StandardCharsets.US_ASCII));
        canaries.add(Base64.getEncoder().encodeToString(PEPPER.getBytes(StandardCharsets.US_ASCII)));
        see(pepper);
        see(catchThrowable(() -> Pepper.ofBase64("p2", PEPPER + "!")));
        see(catchThrowable(() -> Pepper.of("p2", PEPPER.substring(5).getBytes(StandardCharsets.US_ASCII))));
        try (TestKeys plain = new TestKeys();
                TestKeys service = new TestKeys(
                        plain.memory(),
                        plain.clock(),
                        settings -> settings.pepper(pepper).listener(this::see).listener(event -> {
                            throw new IllegalStateException("listener");
                        }))) {
            service.store().before(StoreCall.APPLY, this::seeAll);
            service.store().before(StoreCall.INSERT, this::seeAll);
            service.store().before(StoreCall.REHASH, this::seeAll);
            service.store().before(StoreCall.RECORD_USES, this::seeAll);
            service.store().before(StoreCall.APPEND_AUDIT, this::seeAll);
            succeed(service, plain.issue());
            IssuedKey issued = service.issue();
            canary(issued);
            fail(service, issued);
            see(service.keys().stats());
            see(service.keys());
        }
        everythingIsClean();
        assertThat(log.texts()).as("what was logged").isNotEmpty();
        assertThat(texts).hasSizeGreaterThan(150);
    }

    @Test
    void canary_thatLeaks_isFound() {
        canaries.add("0123456789abcdef");
        see("... 3456789a ...");

        assertThat(catchThrowable(this::everythingIsClean)).isInstanceOf(AssertionError.class);
    }

    @Test
    void canary_thatAnIdContains_isNoLeakThere_butElsewhere() {
        try (TestKeys service = new TestKeys()) {
            IssuedKey issued = service.issue();
            see(issued);
            String id = issued.key().publicId();
            canaries.add(id.substring(3, 3 + WINDOW));

            everythingIsClean();

            see(id.substring(0, id.length() - 1));
            assertThat(catchThrowable(this::everythingIsClean)).isInstanceOf(AssertionError.class);
        }
    }

    private void succeed(TestKeys service, IssuedKey old) {
        canary(old);
        see(old);
        see(service.verify(old));
        service.keys().flush();
        see(service.keys().update(ref(old), KeyUpdate.nothing().named("other"), ACTOR));
        see(service.keys().pause(ref(old), ACTOR));
        see(service.verify(old));
        see(service.keys().resume(ref(old), ACTOR));
        IssuedKey rotated = service.keys().rotate(ref(old), ACTOR);
        canary(rotated);
        see(rotated);
        see(service.verify(old));
        see(service.verify(rotated));
        see(service.memory().findCredential(rotated.key().publicId()).orElseThrow());
        see(service.keys().listAll(KeyFilter.everything()));
        see(service.keys().revoke(ref(rotated), ACTOR, ""));
        see(service.verify(rotated));
        service.keys().flush();
        see(service.keys().audit(AuditFilter.everything(), PageRequest.first(100)));
    }

    private void fail(TestKeys service, IssuedKey issued) {
        String token = issued.token().reveal();
        refuse(service, token.substring(0, token.length() - 1));
        refuse(service, token + "0");
        refuse(service, token.replace("myk_", "MYK_"));
        refuse(service, "Bearer " + token);
        refuse(service, "myk_" + "0".repeat(24) + token.substring(28));
        refuse(service, token.substring(0, token.length() - 1) + (token.endsWith("0") ? "1" : "0"));
        provoke(() ->
                service.issue().key().revoked(ACTOR, "", SettableClock.START).revoked(ACTOR, "", SettableClock.START));
        provoke(() -> service.keys()
                .find(KeyRef.ownedBy(issued.key().id(), KeyKind.WORKSPACE, ALICE))
                .orElseThrow());
        provoke(() -> service.keys().revoke(KeyRef.ownedBy(issued.key().id(), KeyKind.WORKSPACE, ALICE), ACTOR, ""));
        provoke(() -> {
            for (int i = 0; i < 6; i++) {
                canary(service.issue());
            }
        });
        provoke(() ->
                service.keys().update(ref(issued), KeyUpdate.nothing().scopes(Scopes.of("destroy:everything")), ACTOR));
        for (StoreCall call : List.of(
                StoreCall.FIND_CREDENTIAL,
                StoreCall.FIND,
                StoreCall.APPLY,
                StoreCall.INSERT,
                StoreCall.RECORD_USES,
                StoreCall.APPEND_AUDIT,
                StoreCall.LIST)) {
            service.store().before(call, arguments -> {
                seeAll(arguments);
                throw new StoreUnavailableException("down", new IllegalStateException("driver"));
            });
            breakDown(service, issued);
            service.store().before(call, this::seeAll);
        }
        service.owners().failWith(new IllegalStateException("LDAP"));
        service.keys().ownerChanged(ALICE);
        breakDown(service, issued);
        service.owners().failWith(null);
        service.owners().suspend(ALICE);
        service.keys().ownerChanged(ALICE);
        refuse(service, token);
        breakDown(service, issued);
        service.clock().advance(Duration.ofDays(90));
        refuse(service, token);
    }

    private void breakDown(TestKeys service, IssuedKey issued) {
        provoke(() -> see(service.verify(issued)));
        provoke(() -> service.keys().verify(issued.token().reveal()).orElseThrow());
        provoke(() -> canary(service.issue()));
        provoke(() -> canary(service.keys().rotate(ref(issued), ACTOR)));
        provoke(() -> service.keys().pause(ref(issued), ACTOR));
        provoke(() -> service.keys().resume(ref(issued), ACTOR));
        provoke(() -> service.keys().listAll(KeyFilter.everything()));
        provoke(service.keys()::flush);
    }

    private void refuse(TestKeys service, String token) {
        Verification answer = service.keys().verify(token);
        assertThat(answer).isInstanceOf(Verification.Rejected.class);
        see(answer);
        provoke(answer::orElseThrow);
    }

    private void provoke(ThrowingCallable step) {
        see(catchThrowable(step));
    }

    private void canary(IssuedKey issued) {
        canaries.add(issued.token().reveal().substring(29));
    }

    private void seeAll(@Nullable Object[] arguments) {
        for (Object argument : arguments) {
            see(argument);
        }
    }

    /** Notes the text of the object and of all that can be reached from it. */
    private void see(@Nullable Object object) {
        if (object == null) {
            return;
        }
        texts.add(object.toString());
        if (object instanceof ApiKey key) {
            ids.add(key.publicId());
        } else if (object instanceof UUID id) {
            ids.add(id.toString());
        }
        if (object instanceof SecretHash hash) {
            canaries.add(hash.encoded().substring(hash.encoded().lastIndexOf('$') + 1));
        } else if (object instanceof Throwable throwable) {
            texts.add(String.valueOf(throwable.getMessage()));
            see(throwable.getCause());
            List.of(throwable.getSuppressed()).forEach(this::see);
        } else if (object instanceof Collection<?> many) {
            many.forEach(this::see);
        } else if (object instanceof Record record
                && record.getClass().getName().startsWith("dev.apikeys.")) {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                see(valueOf(record, component));
            }
        }
    }

    private static @Nullable Object valueOf(Record record, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError("a record whose parts cannot be read", failure);
        }
    }

    private void everythingIsClean() {
        List<String> everything = new ArrayList<>(texts);
        everything.addAll(log.texts());
        // The secrets of keys whose issue failed are known to nobody: nothing as long as a secret may stand anywhere.
        assertThat(everything).noneMatch(text -> text.matches("(?s).*[0-9a-f]{25}.*"));
        String all = String.join("\n", everything);
        for (String id : ids) {
            all = all.replace(id, "(id)");
        }
        for (String canary : canaries) {
            for (int from = 0; from + WINDOW <= canary.length(); from++) {
                String window = canary.substring(from, from + WINDOW);
                assertThat(all.contains(window))
                        .as(
                                "%s leaked: %s",
                                window,
                                everything.stream()
                                        .filter(text -> text.contains(window))
                                        .findFirst())
                        .isFalse();
            }
        }
    }
}
