-- What a later version of the schema may look like. Of several nodes the one that creates the first table runs the script.
CREATE TABLE api_key_upgrade_3 (id INT);

ALTER TABLE api_key ADD COLUMN note VARCHAR(20);

UPDATE api_key_epoch SET schema_version = 3;

DROP TABLE api_key_upgrade_3;
