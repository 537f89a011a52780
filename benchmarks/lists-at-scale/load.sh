#!/bin/bash
# Creates a database and fills it for the benchmarks ListsAtScale and ServiceAtScale: with the tables of the library first, then
# the rows, and the indexes last. MariaDB takes half a million keys, or a multiple.
#
#   PGHOST=127.0.0.1 PGPORT=5432 PGUSER=postgres benchmarks/lists-at-scale/load.sh postgresql scale 10000000
#   MARIADB_OPTIONS="--host=127.0.0.1 --port=3306 --user=root" benchmarks/lists-at-scale/load.sh mariadb scale 1000000
set -eu
kind=$1
database=$2
keys=$3
here=$(dirname "$0")
schema=$here/../../api-keys-jdbi/src/main/resources/dev/apikeys/jdbi/schema/$kind
tables=$(mktemp)
indexes=$(mktemp)
trap 'rm -f "$tables" "$indexes"' EXIT

# Statements end in a semicolon at the end of a line.
for script in "$schema"/V1__*.sql "$schema"/V2__*.sql; do
  grep -v '^--' "$script" | awk -v tables="$tables" -v indexes="$indexes" '
    { statement = statement $0 "\n" }
    /;$/ { print statement >> (statement ~ /^\n*(CREATE (UNIQUE )?INDEX|DO )/ ? indexes : tables); statement = "" }'
done

case $kind in
  postgresql)
    run() { psql --quiet --set ON_ERROR_STOP=1 --dbname "$database" "$@"; }
    psql --quiet --dbname postgres --command "CREATE DATABASE $database"
    run < "$tables"
    for table in api_key api_key_audit api_key_credential; do
      run --command "ALTER TABLE $table DROP CONSTRAINT ${table}_pkey"
    done
    sed "s/{keys}/$keys/g" "$here/postgresql.sql" | run
    for key in "api_key ADD PRIMARY KEY (id)" "api_key_audit ADD PRIMARY KEY (id)" "api_key_credential ADD PRIMARY KEY (public_id)"; do
      run --command "ALTER TABLE $key"
    done
    run < "$indexes"
    run --command "VACUUM (FREEZE, ANALYZE)"
    ;;
  mariadb)
    # shellcheck disable=SC2086
    run() { mariadb $MARIADB_OPTIONS --comments "$@"; }
    run --execute "CREATE DATABASE $database CHARACTER SET utf8mb4"
    run "$database" < "$tables"
    now=$(date +%s)000
    step=500000
    for ((first = 1; first <= keys; first += step)); do
      last=$((first + step - 1))
      sed "s/{keys}/$keys/g; s/{first}/$first/g; s/{last}/$last/g; s/{now}/$now/g" "$here/mariadb.sql" | run "$database"
    done
    run "$database" < "$here/mariadb-uses.sql"
    run "$database" < "$indexes"
    run "$database" --execute "ANALYZE TABLE api_key, api_key_audit, api_key_usage, api_key_metadata"
    ;;
esac
