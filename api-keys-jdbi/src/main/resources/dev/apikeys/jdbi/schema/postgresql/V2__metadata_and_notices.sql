-- API keys, schema version 2, for PostgreSQL: metadata, notices, tasks, and indexes for lists.
--
-- Run after version 1 by Flyway from classpath:dev/apikeys/jdbi/schema/postgresql, by JdbiApiKeyStore, by ApiKeySchema, or
-- by hand. Every statement ends in a semicolon at the end of a line. It only adds: a node of version 1 goes on working,
-- with its own statements, on these tables.
--
-- Of several nodes the one that creates the first table runs the script. The other statements find what is there
-- already, so that the script can be run again from its beginning after DROP TABLE api_key_upgrade_2. On a database with
-- millions of keys run the statements that create indexes beforehand, with CREATE INDEX CONCURRENTLY.
CREATE TABLE api_key_upgrade_2 (
    id INT NOT NULL PRIMARY KEY
);

-- The host's own strings of a key, and the keys that have one of them. The entry "label" stands in api_key.label.
CREATE TABLE IF NOT EXISTS api_key_metadata (
    key_id VARCHAR(36) COLLATE "C" NOT NULL,
    entry_name VARCHAR(40) COLLATE "C" NOT NULL,
    entry_value VARCHAR(500) COLLATE "C" NOT NULL,
    PRIMARY KEY (key_id, entry_name)
);

CREATE INDEX IF NOT EXISTS api_key_metadata_by_entry ON api_key_metadata (entry_name, entry_value, key_id);

-- The keys with a label, newest first. Most keys have none.
CREATE INDEX IF NOT EXISTS api_key_by_label ON api_key (label, created_at, id) WHERE label <> '';

-- The keys of one kind, newest first.
CREATE INDEX IF NOT EXISTS api_key_by_kind ON api_key (kind, created_at, id);

-- The keys of one owner that are not revoked, counted when a key is issued, and newest first: an owner may have any number
-- of revoked ones. It holds an expression, so that a statement can name this index: a planner that takes the state of a key
-- for independent of its owner sees no gain in it, and would read all keys of the owner.
CREATE INDEX IF NOT EXISTS api_key_unrevoked_by_owner ON api_key ((owner_id || ''), created_at, id) WHERE revoked_at IS NULL;

-- The search in every part of names and owners needs the extension pg_trgm. Where it can't be used, there is an index for
-- the beginnings of names. To change over later: CREATE EXTENSION pg_trgm; CREATE INDEX CONCURRENTLY api_key_by_text ON
-- api_key USING gin (search_text gin_trgm_ops); DROP INDEX api_key_by_name; and start the services again.
DO $$ DECLARE place TEXT; BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm; SELECT n.nspname INTO STRICT place
        FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'; EXECUTE
        format('CREATE INDEX IF NOT EXISTS api_key_by_text ON api_key USING gin (search_text %I.gin_trgm_ops)', place); EXCEPTION
    WHEN OTHERS THEN CREATE INDEX IF NOT EXISTS api_key_by_name ON api_key (LEFT(search_text, 64)); END $$;

-- The audit entries of one event, newest first.
CREATE INDEX IF NOT EXISTS api_key_audit_by_event ON api_key_audit (event, created_at, id);

-- The keys in one state, counted and ordered in the index alone.
CREATE INDEX IF NOT EXISTS api_key_by_state ON api_key (revoked_at, paused_at, expires_at, created_at, id);

-- The expired keys of everybody, newest first: of each lifetime in days they stand together, but for those of one day.
CREATE INDEX IF NOT EXISTS api_key_by_lifetime ON api_key ((expires_at / 86400000 - created_at / 86400000), created_at, id, expires_at)
    WHERE revoked_at IS NULL AND expires_at IS NOT NULL;

-- The revoked keys of everybody, newest first, however old the newest one is.
CREATE INDEX IF NOT EXISTS api_key_revoked_by_age ON api_key (created_at, id) WHERE revoked_at IS NOT NULL;

-- The notices that were given of a key. about: the time that the notice is about, such as the key's expiry; another
-- time needs another notice.
CREATE TABLE IF NOT EXISTS api_key_notice (
    key_id VARCHAR(36) COLLATE "C" NOT NULL,
    notice VARCHAR(40) COLLATE "C" NOT NULL,
    about BIGINT NOT NULL,
    given_at BIGINT NOT NULL,
    PRIMARY KEY (key_id, notice, about)
);

-- Which node does a task that one node at a time may do, and until when it may.
CREATE TABLE IF NOT EXISTS api_key_task (
    task VARCHAR(40) COLLATE "C" NOT NULL PRIMARY KEY,
    node VARCHAR(36) COLLATE "C" NOT NULL,
    held_until BIGINT NOT NULL
);

UPDATE api_key_epoch SET schema_version = 2;

DROP TABLE api_key_upgrade_2;
