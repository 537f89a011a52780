/**
 * The store for SQL databases: H2, PostgreSQL, MariaDB and MySQL.
 *
 * <pre>{@code
 * KeyService keys = KeyService.builder(JdbiApiKeyStore.create(dataSource)).build();
 * }</pre>
 *
 * <p>{@link dev.apikeys.jdbi.JdbiApiKeyStore} is the one public type. The tables are described in the scripts under
 * {@code dev/apikeys/jdbi/schema}.
 */
@NullMarked
package dev.apikeys.jdbi;

import org.jspecify.annotations.NullMarked;
