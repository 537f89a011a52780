-- API keys, schema version 1, for H2.
--
-- Run by Flyway from classpath:dev/apikeys/jdbi/schema/h2, by JdbiApiKeyStore on an empty database, or by hand.
-- Every statement ends in a semicolon at the end of a line; the last one makes the schema count as complete.
--
-- Times are milliseconds since 1970-01-01 UTC. Ids that the library makes are ASCII in lower case. What is absent of an
-- owner is the empty string, so that = and UNIQUE see it; an owner's id is never empty.
-- H2 counts the length of text in UTF-16 units: a name of 255 characters may need 510.
-- No foreign keys: InnoDB checks them with a lock on the key's row, which noting usage must never touch.

-- One row: the counter that every change of a key raises, with a random number drawn by the change that did, and a text
-- that names this history. A copy that was restored differs in one of them. Created first, filled last.
CREATE TABLE api_key_epoch (
    id INT NOT NULL PRIMARY KEY,
    epoch BIGINT NOT NULL,
    stamp BIGINT NOT NULL,
    incarnation VARCHAR(36) NOT NULL,
    schema_version INT NOT NULL,
    CHECK (id = 1)
);

-- A row for each owner and kind, to lock while the owner's keys are counted.
CREATE TABLE api_key_owner (
    owner_id VARCHAR(32) NOT NULL PRIMARY KEY
);

-- owner_id: digest of kind and owner. slot: the place of a key that counts against its owner's limit, from 0.
-- search_text: name and owner ids as the search compares them. A grant is either a mode or scopes. mcp_policy: lines of
-- words; see the class McpColumn. mcp_policy_version: the version that brought the
-- policy; mcp_seen_version: the one that the latest MCP session saw, or 0.
CREATE TABLE api_key (
    id VARCHAR(36) NOT NULL PRIMARY KEY,
    public_id VARCHAR(32) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    user_id VARCHAR(255) NOT NULL,
    organization_id VARCHAR(255) NOT NULL,
    workspace_id VARCHAR(255) NOT NULL,
    owner_id VARCHAR(32) NOT NULL,
    slot INT,
    name VARCHAR(510) NOT NULL,
    search_text VARCHAR(1400) NOT NULL,
    grant_mode VARCHAR(16),
    grant_scopes VARCHAR(1000000),
    allowed_from VARCHAR(1000000) NOT NULL,
    self_revocation VARCHAR(16) NOT NULL,
    label VARCHAR(255) NOT NULL,
    mcp_policy VARCHAR(1000000) NOT NULL,
    mcp_policy_version BIGINT NOT NULL,
    mcp_seen_version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by VARCHAR(255) NOT NULL,
    expires_at BIGINT,
    paused_at BIGINT,
    revoked_at BIGINT,
    revoked_by VARCHAR(255),
    revoked_reason VARCHAR(510),
    version BIGINT NOT NULL
);

-- No public id twice; and the search by the beginning of a public id.
CREATE UNIQUE INDEX api_key_public_id ON api_key (public_id);

-- The proof of the limit: a place is taken once. Also finds the keys to count.
CREATE UNIQUE INDEX api_key_slot ON api_key (owner_id, slot);

-- Lists of one owner, of one user, of one organization and of all, newest first.
CREATE INDEX api_key_by_owner ON api_key (owner_id, created_at, id);
CREATE INDEX api_key_by_user ON api_key (user_id, created_at, id);
CREATE INDEX api_key_by_organization ON api_key (organization_id, created_at, id);
CREATE INDEX api_key_by_age ON api_key (created_at, id);

-- The number of keys that end soon, which each node asks for once a minute: counted in the index alone.
CREATE INDEX api_key_by_expiry ON api_key (expires_at, revoked_at);

-- The tokens of a key, apart from it, so that no list can show a hash. valid_until is NULL for the current token.
CREATE TABLE api_key_credential (
    public_id VARCHAR(32) NOT NULL PRIMARY KEY,
    key_id VARCHAR(36) NOT NULL,
    secret_hash VARCHAR(512) NOT NULL,
    valid_until BIGINT
);

-- All tokens of a key that changes.
CREATE INDEX api_key_credential_by_key ON api_key_credential (key_id);

-- What each epoch changed: a token; or, with an empty public id, all keys of the owners that the other columns select,
-- where NULL stands for every value; with the stamp that the epoch had. The primary key also finds what is newer than an
-- epoch.
CREATE TABLE api_key_change (
    epoch BIGINT NOT NULL,
    stamp BIGINT NOT NULL,
    public_id VARCHAR(32) NOT NULL,
    user_id VARCHAR(255),
    organization_id VARCHAR(255),
    workspace_id VARCHAR(255),
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (epoch, public_id)
);

-- One row, to be locked by the node that does maintenance.
CREATE TABLE api_key_maintenance (
    id INT NOT NULL PRIMARY KEY
);

-- The latest use of each key that was used.
CREATE TABLE api_key_usage (
    key_id VARCHAR(36) NOT NULL PRIMARY KEY,
    last_used_at BIGINT NOT NULL,
    last_used_ip VARCHAR(90)
);

-- Append-only. owner_id as in api_key.
CREATE TABLE api_key_audit (
    id VARCHAR(36) NOT NULL PRIMARY KEY,
    key_id VARCHAR(36) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    user_id VARCHAR(255) NOT NULL,
    organization_id VARCHAR(255) NOT NULL,
    workspace_id VARCHAR(255) NOT NULL,
    owner_id VARCHAR(32) NOT NULL,
    event VARCHAR(16) NOT NULL,
    reason VARCHAR(510) NOT NULL,
    key_name VARCHAR(510) NOT NULL,
    key_mode VARCHAR(16),
    actor VARCHAR(255) NOT NULL,
    client_address VARCHAR(90),
    client_method VARCHAR(32),
    client_path VARCHAR(1024),
    created_at BIGINT NOT NULL
);

-- Trails of one owner, of one key and of all, newest first.
CREATE INDEX api_key_audit_by_owner ON api_key_audit (owner_id, created_at, id);
CREATE INDEX api_key_audit_by_key ON api_key_audit (key_id, created_at, id);
CREATE INDEX api_key_audit_by_age ON api_key_audit (created_at, id);

INSERT INTO api_key_maintenance (id) VALUES (1);

INSERT INTO api_key_epoch (id, epoch, stamp, incarnation, schema_version) VALUES (1, 0, 0, RANDOM_UUID(), 1);
