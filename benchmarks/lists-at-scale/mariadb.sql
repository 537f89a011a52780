-- Fills empty tables as postgresql.sql does, in steps of the rows from {first} to {last}.
INSERT INTO api_key (id, public_id, kind, user_id, organization_id, workspace_id, owner_id, slot, name, search_text,
grant_mode, allowed_from, self_revocation, label, mcp_policy, mcp_policy_version, mcp_seen_version, created_at,
created_by, expires_at, paused_at, revoked_at, revoked_by, revoked_reason, version)
SELECT CONCAT('01930000-', SUBSTR(h, 1, 4), '-7000-8000-', SUBSTR(h, 5)), LEFT(MD5(CONCAT('public', n)), 24), kind, user_id,
organization_id, '', LEFT(SHA2(CONCAT(UNHEX(LPAD(HEX(LENGTH(kind)), 8, '0')), kind,
    IF(user_id = '', UNHEX('FFFFFFFF'), CONCAT(UNHEX(LPAD(HEX(LENGTH(user_id)), 8, '0')), user_id)),
    UNHEX(LPAD(HEX(LENGTH(organization_id)), 8, '0')), organization_id, UNHEX('FFFFFFFF')), 256), 32), NULL, name,
CONCAT(LOWER(name), CHAR(10), IF(user_id = '', '', CONCAT(user_id, CHAR(10))), organization_id),
'READ', '', 'REFUSED', CASE WHEN n % 1000 = 5 THEN 'crm' WHEN n % 10 = 5 THEN CONCAT('label ', n % 500) ELSE '' END,
CONCAT('active none', CHAR(10), CHAR(10)), 1, 0, created, user_id,
CASE WHEN n % 10 < 7 THEN created + 7776000000 WHEN n % 10 < 9 THEN created + 31536000000 END,
CASE WHEN n % 1000 = 7 THEN created + 1000 END, CASE WHEN revoked THEN created + 60000 END,
CASE WHEN revoked THEN 'admin' END, CASE WHEN revoked THEN '' END, 1
FROM (SELECT n, kind, LOWER(LPAD(HEX(n), 16, '0')) AS h,
    CASE WHEN n % 100 = 53 THEN 'hoarder' WHEN kind = 'ORGANIZATION' THEN '' ELSE CONCAT('user_', u) END AS user_id,
    CASE WHEN n % 100 = 53 THEN 'org_hoarder' WHEN n = {keys} DIV 2 THEN 'org_one' WHEN u % 10 = 1 THEN 'org_big' ELSE CONCAT('org_', u % ({keys} DIV 500)) END AS organization_id,
    {now} - ({keys} - n) * (31536000000 DIV {keys}) AS created,
    (n % 100 = 53 AND n < {keys} - 500) OR n % 10 = 4 AS revoked,
    CONCAT(ELT(1 + n * 31 % 10, 'Billing','Deploy','Monitoring','Nightly','Import','Export','Partner','Mobile','Staging','Reporting'), ' ',
    ELT(1 + n * 17 DIV 7 % 10, 'service','job','dashboard','gateway','robot','script','worker','agent','pipeline','bridge'), ' ', n * 48271 % {keys}) AS name
    FROM (SELECT seq AS n, seq * 7919 % ({keys} DIV 5) AS u, CASE WHEN seq % 100 < 80 THEN 'PERSONAL' WHEN seq % 100 < 95 THEN 'WORKSPACE' ELSE 'ORGANIZATION' END AS kind
        FROM seq_{first}_to_{last}) numbers) created_keys;

INSERT INTO api_key_audit (id, key_id, kind, user_id, organization_id, workspace_id, owner_id, event, reason, key_name,
key_mode, actor, client_address, client_method, client_path, created_at)
SELECT CONCAT('01930000-', SUBSTR(h, 1, 4), '-7000-9000-', SUBSTR(h, 5)), key_id, kind, user_id, organization_id, '', owner_id,
CASE WHEN m % 10 < 4 THEN 'CREATED' WHEN m % 10 < 7 THEN 'AUTH_FAILED' WHEN m % 10 = 7 THEN 'REVOKED' WHEN m % 10000 = 8 THEN 'ROTATED' ELSE 'RATE_LIMITED' END,
IF(m % 10 BETWEEN 4 AND 6, 'EXPIRED', ''), 'Billing service', 'READ', user_id, '192.0.2.1', 'GET', '/api/orders',
{now} - (5 * {keys} - m) * (31536000000 DIV {keys} DIV 5)
FROM (SELECT 5 * n - r.seq AS m, LOWER(LPAD(HEX(5 * n - r.seq), 16, '0')) AS h, k.*
    FROM (SELECT CAST(CONV(SUBSTR(id, 25), 16, 10) AS UNSIGNED) AS n, id AS key_id, kind, user_id, organization_id, owner_id FROM api_key
        WHERE id BETWEEN CONCAT('01930000-0000-7000-8000-', LOWER(LPAD(HEX({first}), 12, '0')))
        AND CONCAT('01930000-0000-7000-8000-', LOWER(LPAD(HEX({last}), 12, '0')))) k
    CROSS JOIN seq_0_to_4 r) entries
ORDER BY m;
