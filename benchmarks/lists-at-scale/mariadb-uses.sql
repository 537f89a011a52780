-- Tokens that nobody knows, the latest uses of half of the keys, and an entry of metadata of some.
INSERT INTO api_key_credential SELECT public_id, id, CONCAT('sha256$', MD5(public_id), MD5(id)), NULL FROM api_key ORDER BY public_id;
INSERT INTO api_key_usage SELECT id, created_at + 1000, '192.0.2.1' FROM api_key WHERE RIGHT(public_id, 1) < '8';
INSERT INTO api_key_metadata SELECT id, 'team', CONCAT('team ', CRC32(id) % 1000) FROM api_key WHERE RIGHT(public_id, 1) = '3';
