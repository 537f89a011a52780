-- API keys, schema version 2, for H2: metadata, notices, tasks, and indexes for lists.
--
-- Run after version 1 by Flyway from classpath:dev/apikeys/jdbi/schema/h2, by JdbiApiKeyStore, by ApiKeySchema, or
-- by hand. Every statement ends in a semicolon at the end of a line. It only adds: a node of version 1 goes on working,
-- with its own statements, on these tables.
--
-- Of several nodes the one that creates the first table runs the script. The other statements find what is there
-- already, so that the script can be run again from its beginning after DROP TABLE api_key_upgrade_2. On a database with
-- millions of keys run the statements that create indexes beforehand.
CREATE TABLE api_key_upgrade_2 (
    id INT NOT NULL PRIMARY KEY
);

-- The host's own strings of a key, and the keys that have one of them. The entry "label" stands in api_key.label.
CREATE TABLE IF NOT EXISTS api_key_metadata (
    key_id VARCHAR(36) NOT NULL,
    entry_name VARCHAR(80) NOT NULL,
    entry_value VARCHAR(1000) NOT NULL,
    PRIMARY KEY (key_id, entry_name)
);

CREATE INDEX IF NOT EXISTS api_key_metadata_by_entry ON api_key_metadata (entry_name, entry_value, key_id);

-- The keys with a label, newest first.
CREATE INDEX IF NOT EXISTS api_key_by_label ON api_key (label, created_at, id);

-- The keys of one kind, newest first.
CREATE INDEX IF NOT EXISTS api_key_by_kind ON api_key (kind, created_at, id);

-- The keys of one owner that are not revoked, counted when a key is issued, and newest first: an owner may have any number
-- of revoked ones.
CREATE INDEX IF NOT EXISTS api_key_unrevoked_by_owner ON api_key (owner_id, revoked_at, created_at, id);

-- The audit entries of one event, newest first.
CREATE INDEX IF NOT EXISTS api_key_audit_by_event ON api_key_audit (event, created_at, id);

-- The keys in one state, counted and ordered in the index alone. paused_at comes first here, unlike in the other
-- databases: H2 would take an index that begins with revoked_at for every count of unrevoked keys, those that end soon
-- included, and read all of them.
CREATE INDEX IF NOT EXISTS api_key_by_state ON api_key (paused_at, revoked_at, expires_at, created_at, id);

-- The notices that were given of a key. about: the time that the notice is about, such as the key's expiry; another
-- time needs another notice.
CREATE TABLE IF NOT EXISTS api_key_notice (
    key_id VARCHAR(36) NOT NULL,
    notice VARCHAR(40) NOT NULL,
    about BIGINT NOT NULL,
    given_at BIGINT NOT NULL,
    PRIMARY KEY (key_id, notice, about)
);

-- Which node does a task that one node at a time may do, and until when it may.
CREATE TABLE IF NOT EXISTS api_key_task (
    task VARCHAR(40) NOT NULL PRIMARY KEY,
    node VARCHAR(36) NOT NULL,
    held_until BIGINT NOT NULL
);

UPDATE api_key_epoch SET schema_version = 2;

DROP TABLE api_key_upgrade_2;
