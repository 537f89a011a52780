-- API keys, schema version 1, for MariaDB and MySQL.
--
-- Run by Flyway from classpath:dev/apikeys/jdbi/schema/mariadb, by JdbiApiKeyStore on an empty database, or by hand.
-- Every statement ends in a semicolon at the end of a line; the last one makes the schema count as complete.
--
-- Times are milliseconds since 1970-01-01 UTC. Ids that the library makes are ASCII in lower case. What is absent of an
-- owner is the empty string, so that = and UNIQUE see it; an owner's id is never empty.
-- Both collations below compare bytes and pad nothing, so that case and trailing blanks count. MariaDB (from 10.2) and
-- MySQL (from 8.0) have no such collation in common: each reads its own comment and skips the other.
-- No foreign keys: InnoDB checks them with a lock on the key's row, which noting usage must never touch.

-- One row: the counter that every change of a key raises, with a random number drawn by the change that did, and a text
-- that names this history. A copy that was restored differs in one of them. Created first, filled last.
CREATE TABLE api_key_epoch (
    id INT NOT NULL PRIMARY KEY,
    epoch BIGINT NOT NULL,
    stamp BIGINT NOT NULL,
    incarnation VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    schema_version INT NOT NULL,
    CHECK (id = 1)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M!100200 utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- A row for each owner and kind, to lock while the owner's keys are counted.
CREATE TABLE api_key_owner (
    owner_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M!100200 utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- owner_id: digest of kind and owner. slot: the place of a key that counts against its owner's limit, from 0.
-- search_text: name and owner ids as the search compares them. A grant is either a mode or scopes. mcp_policy: lines of
-- words; see the class McpColumn. mcp_policy_version: the version that brought the
-- policy; mcp_seen_version: the one that the latest MCP session saw, or 0.
CREATE TABLE api_key (
    id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    public_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_id VARCHAR(255) NOT NULL,
    organization_id VARCHAR(255) NOT NULL,
    workspace_id VARCHAR(255) NOT NULL,
    owner_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    slot INT,
    name VARCHAR(255) NOT NULL,
    search_text VARCHAR(1100) NOT NULL,
    grant_mode VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    grant_scopes MEDIUMTEXT,
    allowed_from MEDIUMTEXT NOT NULL,
    self_revocation VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    label VARCHAR(64) NOT NULL,
    mcp_policy MEDIUMTEXT NOT NULL,
    mcp_policy_version BIGINT NOT NULL,
    mcp_seen_version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by VARCHAR(255) NOT NULL,
    expires_at BIGINT,
    paused_at BIGINT,
    revoked_at BIGINT,
    revoked_by VARCHAR(255),
    revoked_reason VARCHAR(255),
    version BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M!100200 utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

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
    public_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    key_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    secret_hash VARCHAR(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    valid_until BIGINT
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M!100200 utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- All tokens of a key that changes.
CREATE INDEX api_key_credential_by_key ON api_key_credential (key_id);

-- What each epoch changed: a token; or, with an empty public id, all keys of the owners that the other columns select,
-- where NULL stands for every value; with the stamp that the epoch had. The primary key also finds what is newer than an
-- epoch.
CREATE TABLE api_key_change (
    epoch BIGINT NOT NULL,
    stamp BIGINT NOT NULL,
    public_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_id VARCHAR(255),
    organization_id VARCHAR(255),
    workspace_id VARCHAR(255),
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (epoch, public_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M!100200 utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- One row, to be locked by the node that does maintenance.
CREATE TABLE api_key_maintenance (
    id INT NOT NULL PRIMARY KEY
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M!100200 utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- The latest use of each key that was used.
CREATE TABLE api_key_usage (
    key_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    last_used_at BIGINT NOT NULL,
    last_used_ip VARCHAR(45)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M!100200 utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- Append-only. owner_id as in api_key.
CREATE TABLE api_key_audit (
    id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    key_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_id VARCHAR(255) NOT NULL,
    organization_id VARCHAR(255) NOT NULL,
    workspace_id VARCHAR(255) NOT NULL,
    owner_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    event VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    reason VARCHAR(255) NOT NULL,
    key_name VARCHAR(255) NOT NULL,
    key_mode VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    actor VARCHAR(255) NOT NULL,
    client_address VARCHAR(45),
    client_method VARCHAR(16),
    client_path VARCHAR(512),
    created_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE /*M!100200 utf8mb4_nopad_bin */ /*!80000 utf8mb4_0900_bin */;

-- Trails of one owner, of one key and of all, newest first.
CREATE INDEX api_key_audit_by_owner ON api_key_audit (owner_id, created_at, id);
CREATE INDEX api_key_audit_by_key ON api_key_audit (key_id, created_at, id);
CREATE INDEX api_key_audit_by_age ON api_key_audit (created_at, id);

INSERT INTO api_key_maintenance (id) VALUES (1);

INSERT INTO api_key_epoch (id, epoch, stamp, incarnation, schema_version) VALUES (1, 0, 0, UUID(), 1);
