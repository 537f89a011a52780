-- Fills empty tables with {keys} keys and five times as many audit entries. The rows of a key follow from its number n,
-- from 1 in the order of age, a year altogether. Every user has about 5 keys, every organization about 450.
CREATE FUNCTION pg_temp.part(text) RETURNS bytea LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN $1 = '' THEN '\xffffffff'::bytea ELSE decode(lpad(to_hex(length($1)), 8, '0'), 'hex') || convert_to($1, 'UTF8') END $$;

CREATE TEMPORARY TABLE owner_of AS
SELECT n, kind, user_id, organization_id, left(encode(sha256(pg_temp.part(kind) || pg_temp.part(user_id) || pg_temp.part(organization_id) || '\xffffffff'::bytea), 'hex'), 32) AS owner_id
FROM (SELECT n, kind,
    CASE WHEN n % 100 = 53 THEN 'hoarder' WHEN kind = 'ORGANIZATION' THEN '' ELSE 'user_' || u END AS user_id,
    CASE WHEN n % 100 = 53 THEN 'org_hoarder' WHEN n = {keys} / 2 THEN 'org_one' WHEN u % 10 = 1 THEN 'org_big' ELSE 'org_' || u % ({keys} / 500) END AS organization_id
    FROM (SELECT n, n * 7919 % ({keys} / 5) AS u, CASE WHEN n % 100 < 80 THEN 'PERSONAL' WHEN n % 100 < 95 THEN 'WORKSPACE' ELSE 'ORGANIZATION' END AS kind
        FROM generate_series(1::bigint, {keys}) n) numbers) owners;

INSERT INTO api_key (id, public_id, kind, user_id, organization_id, workspace_id, owner_id, slot, name, search_text,
grant_mode, allowed_from, self_revocation, label, mcp_policy, mcp_policy_version, mcp_seen_version, created_at,
created_by, expires_at, paused_at, revoked_at, revoked_by, revoked_reason, version)
SELECT '01930000-' || substr(h, 1, 4) || '-7000-8000-' || substr(h, 5), left(md5('public' || n), 24), kind, user_id,
organization_id, '', owner_id, NULL, name, lower(name) || chr(10) || CASE WHEN user_id = '' THEN '' ELSE user_id || chr(10) END || organization_id,
'READ', '', 'REFUSED', CASE WHEN n % 1000 = 5 THEN 'crm' WHEN n % 10 = 5 THEN 'label ' || n % 500 ELSE '' END,
'active none' || chr(10) || chr(10), 1, 0, created, user_id,
CASE WHEN n % 10 < 7 THEN created + 7776000000 WHEN n % 10 < 9 THEN created + 31536000000 END,
CASE WHEN n % 1000 = 7 THEN created + 1000 END, CASE WHEN revoked THEN created + 60000 END,
CASE WHEN revoked THEN 'admin' END, CASE WHEN revoked THEN '' END, 1
FROM (SELECT *, lpad(to_hex(n), 16, '0') AS h, now - ({keys} - n) * (31536000000 / {keys}) AS created,
    (n % 100 = 53 AND n < {keys} - 500) OR n % 10 = 4 AS revoked,
    (ARRAY['Billing','Deploy','Monitoring','Nightly','Import','Export','Partner','Mobile','Staging','Reporting'])[1 + n * 31 % 10] || ' '
    || (ARRAY['service','job','dashboard','gateway','robot','script','worker','agent','pipeline','bridge'])[1 + n * 17 / 7 % 10] || ' ' || n * 48271 % {keys} AS name
    FROM owner_of, (SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now) clock) keys;

INSERT INTO api_key_credential (public_id, key_id, secret_hash)
SELECT public_id, id, 'sha256$' || md5(public_id) || md5(id) FROM api_key;

INSERT INTO api_key_usage (key_id, last_used_at, last_used_ip)
SELECT id, created_at + 1000, '192.0.2.1' FROM api_key WHERE right(public_id, 1) < '8';

INSERT INTO api_key_metadata (key_id, entry_name, entry_value)
SELECT id, 'team', 'team ' || abs(hashtext(id)) % 1000 FROM api_key WHERE right(public_id, 1) = '3';

INSERT INTO api_key_audit (id, key_id, kind, user_id, organization_id, workspace_id, owner_id, event, reason, key_name,
key_mode, actor, client_address, client_method, client_path, created_at)
SELECT '01930000-' || substr(h, 1, 4) || '-7000-9000-' || substr(h, 5), '01930000-' || substr(k, 1, 4) || '-7000-8000-' || substr(k, 5),
kind, user_id, organization_id, '', owner_id,
CASE WHEN m % 10 < 4 THEN 'CREATED' WHEN m % 10 < 7 THEN 'AUTH_FAILED' WHEN m % 10 = 7 THEN 'REVOKED' WHEN m % 10000 = 8 THEN 'ROTATED' ELSE 'RATE_LIMITED' END,
CASE WHEN m % 10 BETWEEN 4 AND 6 THEN 'EXPIRED' ELSE '' END, 'Billing service', 'READ', user_id, '192.0.2.1', 'GET', '/api/orders',
now - (5 * {keys}::bigint - m) * (31536000000 / {keys} / 5)
FROM (SELECT 5 * n - r AS m, o.*, lpad(to_hex(5 * n - r), 16, '0') AS h, lpad(to_hex(n), 16, '0') AS k
    FROM owner_of o, generate_series(4, 0, -1) r) entries,
(SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now) clock;
