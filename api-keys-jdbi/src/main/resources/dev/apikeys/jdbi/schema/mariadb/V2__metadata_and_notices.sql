-- API keys, schema version 2, for MariaDB and MySQL: metadata, notices, tasks, and indexes for lists.
--
-- Run after version 1 by Flyway from classpath:dev/apikeys/jdbi/schema/mariadb, by JdbiApiKeyStore, by ApiKeySchema, or
-- by hand. Every statement ends in a semicolon at the end of a line. It only adds: a node of version 1 goes on working,
-- with its own statements, on these tables.
--
-- Of several nodes the one that creates the first table runs the script. The other statements find what is there
-- already, so that the script can be run again from its beginning after DROP TABLE api_key_upgrade_2. On a database with
-- millions of keys run the statements that create indexes beforehand. MySQL can't create an index only where it is
-- missing: there, leave out those that exist.
CREATE TABLE api_key_upgrade_2 (
    id INT NOT NULL PRIMARY KEY
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M!100200 utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- The host's own strings of a key, and the keys that have one of them. The entry "label" stands in api_key.label.
CREATE TABLE IF NOT EXISTS api_key_metadata (
    key_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    entry_name VARCHAR(40) NOT NULL,
    entry_value VARCHAR(500) NOT NULL,
    PRIMARY KEY (key_id, entry_name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M!100200 utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

CREATE INDEX /*M! IF NOT EXISTS */ api_key_metadata_by_entry ON api_key_metadata (entry_name, entry_value, key_id);

-- The keys with a label, newest first.
CREATE INDEX /*M! IF NOT EXISTS */ api_key_by_label ON api_key (label, created_at, id);

-- The keys of one kind, newest first.
CREATE INDEX /*M! IF NOT EXISTS */ api_key_by_kind ON api_key (kind, created_at, id);

-- The keys of one owner that are not revoked, counted when a key is issued, and newest first: an owner may have any number
-- of revoked ones.
CREATE INDEX /*M! IF NOT EXISTS */ api_key_unrevoked_by_owner ON api_key (owner_id, revoked_at, created_at, id);

-- The search at the beginnings of names.
CREATE INDEX /*M! IF NOT EXISTS */ api_key_by_name ON api_key (search_text(64));

-- The audit entries of one event, newest first.
CREATE INDEX /*M! IF NOT EXISTS */ api_key_audit_by_event ON api_key_audit (event, created_at, id);

-- The keys in one state, counted and ordered in the index alone.
CREATE INDEX /*M! IF NOT EXISTS */ api_key_by_state ON api_key (revoked_at, paused_at, expires_at, created_at, id);

-- The notices that were given of a key. about: the time that the notice is about, such as the key's expiry; another
-- time needs another notice.
CREATE TABLE IF NOT EXISTS api_key_notice (
    key_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    notice VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    about BIGINT NOT NULL,
    given_at BIGINT NOT NULL,
    PRIMARY KEY (key_id, notice, about)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M!100200 utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- Which node does a task that one node at a time may do, and until when it may.
CREATE TABLE IF NOT EXISTS api_key_task (
    task VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    node VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    held_until BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M!100200 utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

UPDATE api_key_epoch SET schema_version = 2;

DROP TABLE api_key_upgrade_2;
