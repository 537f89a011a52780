package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariDataSource;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyService;
import dev.apikeys.LeasePolicy;
import dev.apikeys.Pepper;
import dev.apikeys.leaks.TraceLog;
import dev.apikeys.spi.SecretHash;
import dev.apikeys.testkit.SampleKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** T30: with a database behind it, no part of a secret or hash is in a log at TRACE or in an exception. */
// A fault knows no locale.
@Tag("tr-skip")
class JdbiLeakTest {
    private static final int WINDOW = 8;

    /** Drivers print at TRACE what they send; the hashes in it are theirs to answer for. Secrets are never sent. */
    private static final List<String> DRIVERS = List.of("org.mariadb", "org.postgresql", "h2database");

    private final List<String> texts = new ArrayList<>();
    private final List<String> secrets = new ArrayList<>();
    private final List<String> hashes = new ArrayList<>();
    /** Ids may stand anywhere. They are random, so that some digits of a secret are in one of them now and then. */
    private final Set<String> ids = new HashSet<>();

    private final List<String> logged = new ArrayList<>();
    private final java.util.logging.Logger postgres = java.util.logging.Logger.getLogger("org.postgresql");
    private final Handler handler = new Collector();

    private final class Collector extends Handler {
        @Override
        public void publish(LogRecord entry) {
            synchronized (texts) {
                texts.add(new SimpleFormatter().format(entry));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @AfterEach
    void listenNoMore() {
        postgres.removeHandler(handler);
        postgres.setLevel(null);
        postgres.setUseParentHandlers(true);
        setDrivers(null);
    }

    private static void setDrivers(Level level) {
        DRIVERS.forEach(name -> ((Logger) LoggerFactory.getLogger(name)).setLevel(level));
    }

    @ParameterizedTest
    @EnumSource
    void secretsAndHashes_onEveryPath_areInNoLogAndNoException(DatabaseServer server) throws Exception {
        setDrivers(Level.OFF);
        everyPath(server);
        assertThat(logged).isNotEmpty();
        assertNothingOf(secrets);
        assertNothingOf(hashes);
    }

    @ParameterizedTest
    @EnumSource
    void secrets_whereTheDriverLogsWhatItSends_areInNoLog(DatabaseServer server) throws Exception {
        postgres.setUseParentHandlers(false);
        postgres.setLevel(java.util.logging.Level.ALL);
        postgres.addHandler(handler);
        everyPath(server);
        assertNothingOf(secrets);
    }

    private void everyPath(DatabaseServer server) throws Exception {
        CommitFaults faults = new CommitFaults();
        // The database first: it prints a lot while it starts.
        try (TestDatabase database = server.newDatabase();
                TraceLog log = new TraceLog()) {
            JdbiApiKeyStore store = JdbiApiKeyStore.builder(faults.on(database.plain()))
                    .feedDataSource(database.plain())
                    .statementTimeout(Duration.ofSeconds(1))
                    .build();
            HikariDataSource pool = database.pool(1);
            JdbiApiKeyStore closed = JdbiApiKeyStore.create(pool);
            pool.close();
            provoke(() -> insert(closed));
            IssuedKey old;
            try (KeyService plain = KeyService.builder(store).build()) {
                old = issued(plain, store);
            }
            try (KeyService service = KeyService.builder(store)
                    .lease(LeasePolicy.DEFAULT.strict())
                    .pepper(Pepper.of("p1", new byte[32]))
                    .build()) {
                work(service, store, old, faults);
                breakDown(service, store, database);
            }
            logged.addAll(log.texts());
        }
    }

    /** Everything works, and each kind of COMMIT goes unanswered. */
    private void work(KeyService service, JdbiApiKeyStore store, IssuedKey old, CommitFaults faults) {
        String token = old.token().reveal();
        assertThat(Nodes.accepts(service, token)).isTrue();
        Nodes.ask(service, token.substring(0, token.length() - 1) + (token.endsWith("0") ? "1" : "0"));
        service.flush();
        hashes.add(
                digest(store.findCredential(old.key().publicId()).orElseThrow().hash()));
        for (CommitFaults.Fault fault : CommitFaults.Fault.values()) {
            faults.arm(fault);
            IssuedKey key = issued(service, store);
            faults.arm(fault);
            IssuedKey rotated = service.rotate(Nodes.ref(key), Nodes.ADMIN);
            note(rotated, store);
            faults.arm(fault);
            Nodes.revoke(service, rotated);
            faults.settle();
        }
        see(service.stats());
        see(store.findCredential(old.key().publicId()));
        insertTwice(store);
    }

    private void insertTwice(JdbiApiKeyStore store) {
        var key = new SampleKey().build();
        SecretHash hash = new SecretHash("sha256$" + "feedc0de".repeat(4));
        hashes.add(digest(hash));
        provoke(() -> store.insert(SampleKey.toAdd(key, hash)));
        provoke(() -> store.insert(SampleKey.toAdd(key, hash)));
        SecretHash foreign = new SecretHash("sha256$" + "deadbeef".repeat(70));
        hashes.add(digest(foreign));
        provoke(() -> store.rehash(key.publicId(), hash, foreign));
    }

    /** The columns become too short, and then the tables go. */
    private void breakDown(KeyService service, JdbiApiKeyStore store, TestDatabase database) throws Exception {
        IssuedKey key = issued(service, store);
        database.execute("DROP TABLE api_key_usage", "DROP TABLE api_key_audit");
        for (String call : List.of("issue", "rotate", "revoke", "verify", "insert")) {
            provoke(() -> {
                switch (call) {
                    case "issue" -> issued(service, store);
                    case "rotate" -> service.rotate(Nodes.ref(key), Nodes.ADMIN);
                    case "revoke" -> Nodes.revoke(service, key);
                    case "verify" -> service.verify(key.token().reveal());
                    default -> insert(store);
                }
            });
        }
        database.execute("DROP TABLE api_key_credential");
        provoke(() -> insert(store));
        provoke(() -> service.verify(key.token().reveal().replace('a', 'b')));
    }

    private void insert(JdbiApiKeyStore store) {
        SecretHash hash = new SecretHash("sha256$" + "0badcafe".repeat(4));
        hashes.add(digest(hash));
        store.insert(SampleKey.toAdd(new SampleKey().build(), hash));
    }

    private IssuedKey issued(KeyService service, JdbiApiKeyStore store) {
        IssuedKey key = Nodes.issue(service, "alice");
        note(key, store);
        return key;
    }

    private void note(IssuedKey key, JdbiApiKeyStore store) {
        ids.add(key.key().publicId());
        ids.add(key.key().id().toString());
        String token = key.token().reveal();
        secrets.add(token.substring(
                token.indexOf(key.key().publicId()) + key.key().publicId().length() + 1));
        hashes.add(
                digest(store.findCredential(key.key().publicId()).orElseThrow().hash()));
        see(key);
    }

    private static String digest(SecretHash hash) {
        return hash.encoded().substring(hash.encoded().lastIndexOf('$') + 1);
    }

    private void provoke(ThrowingCallable step) {
        Throwable thrown = catchThrowable(step);
        if (thrown != null) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace, true));
            see(trace);
        }
    }

    private void see(Object object) {
        synchronized (texts) {
            texts.add(String.valueOf(object));
        }
    }

    private void assertNothingOf(List<String> canaries) {
        assertThat(canaries).isNotEmpty();
        List<String> everything = new ArrayList<>(logged);
        synchronized (texts) {
            everything.addAll(texts);
        }
        // Megabytes of text, so it is read once for all windows.
        Set<String> windows = new HashSet<>();
        for (String canary : canaries) {
            assertThat(canary.length()).isGreaterThanOrEqualTo(WINDOW);
            for (int from = 0; from + WINDOW <= canary.length(); from++) {
                windows.add(canary.substring(from, from + WINDOW));
            }
        }
        for (String withIds : everything) {
            String text = withIds;
            for (String id : ids) {
                text = text.replace(id, "(id)");
            }
            for (int from = 0; from + WINDOW <= text.length(); from++) {
                if (windows.contains(text.substring(from, from + WINDOW))) {
                    throw new AssertionError("leaked at " + from + ": " + text);
                }
            }
        }
    }
}
