package dev.apikeys.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.apikeys.Actor;
import dev.apikeys.IssuedKey;
import dev.apikeys.KeyRef;
import dev.apikeys.KeyService;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.spi.ApiKeyStore;
import dev.apikeys.testkit.SampleKey;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many SQL statements a call takes: a figure that a database far away multiplies by its distance. */
class StatementCountTest {
    private final H2Database database = H2Database.inMemory();
    private final List<String> statements = new CopyOnWriteArrayList<>();
    private final KeyService keys = KeyService.builder(JdbiApiKeyStore.builder(InterceptedDataSource.of(
                            database.dataSource(), call -> {
                                if (call.name().equals("prepareStatement")) {
                                    statements.add((String) call.argument(0));
                                }
                                return call.proceed();
                            }))
                    // What the poller asks is no call's cost.
                    .feedDataSource(database.dataSource())
                    .build())
            .build();
    private final IssuedKey issued = issue();

    @AfterEach
    void close() {
        keys.close();
        database.close();
    }

    @Test
    void verification_takesOneStatementAtFirst_andNoneFromThenOn() {
        String token = issued.token().reveal();
        statements.clear();

        keys.verify(token).orElseThrow();
        assertThat(statements).hasSize(1);
        keys.verify(token).orElseThrow();
        assertThat(statements).hasSize(1);
    }

    @Test
    void issue_toAnOwnerWithKeys_takesFiveStatements() {
        statements.clear();
        issue();

        assertThat(statements).hasSize(5);
    }

    @Test
    void issue_toANewOwner_takesFiveStatements() {
        statements.clear();
        keys.issue(KeySpec.forUser("bob", "org_1").named("CRM").mode(Mode.READ));

        assertThat(statements).hasSize(5);
    }

    /**
     * In PostgreSQL the settings of the transaction travel with the first statement, and all rows with another one. In
     * MariaDB settings are made before it and taken back after it.
     */
    @Tag("tr-skip")
    @ParameterizedTest
    @CsvSource({"POSTGRESQL, 2, 3", "MARIADB, 7, 7"})
    void issue_onAServer_takesAsManyStatementsBesideItsCommit(DatabaseServer server, int newOwner, int knownOwner)
            throws Exception {
        try (TestDatabase servers = server.newDatabase()) {
            JdbiApiKeyStore.create(servers.plain());
            ApiKeyStore store = JdbiApiKeyStore.builder(InterceptedDataSource.of(servers.pool(1), call -> {
                        if (List.of("createStatement", "prepareStatement").contains(call.name())) {
                            statements.add(call.name());
                        }
                        return call.proceed();
                    }))
                    .expectSchema()
                    .build();
            for (int expected : new int[] {newOwner, knownOwner}) {
                statements.clear();
                store.insert(SampleKey.toAdd(new SampleKey().build(), 2));
                assertThat(statements).hasSize(expected);
            }
        }
    }

    @Test
    void revocation_takesSevenStatements() {
        statements.clear();
        keys.revoke(KeyRef.of(issued.key().id()), Actor.of("alice"), "");

        assertThat(statements).hasSize(7);
    }

    private IssuedKey issue() {
        return keys.issue(KeySpec.forUser("alice", "org_1").named("CRM").mode(Mode.READ));
    }
}
