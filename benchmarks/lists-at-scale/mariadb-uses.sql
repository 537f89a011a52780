-- The latest uses of half of the keys, and an entry of metadata of some.
INSERT INTO api_key_usage SELECT id, created_at + 1000, '192.0.2.1' FROM api_key WHERE RIGHT(public_id, 1) < '8';
INSERT INTO api_key_metadata SELECT id, 'team', CONCAT('team ', CRC32(id) % 1000) FROM api_key WHERE RIGHT(public_id, 1) = '3';
