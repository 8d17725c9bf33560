#!/bin/sh
# Runs once, in an empty PostgreSQL: the databases of the sample, and Lethe's role, which may read and delete there, no more; and the
# ledger's database, which is its own.
set -eu

psql -v ON_ERROR_STOP=1 -v password="$LETHE_DB_PASSWORD" -v ledger="$LEDGER_DB_PASSWORD" \
    --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE lethe LOGIN PASSWORD :'password';
CREATE ROLE ledger LOGIN PASSWORD :'ledger';
CREATE DATABASE ledger OWNER ledger;
CREATE DATABASE shop;
CREATE DATABASE support;
SQL
for database in shop support; do
    # Tables that are made later, too.
    psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$database" <<'SQL'
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, DELETE ON TABLES TO lethe;
SQL
done
