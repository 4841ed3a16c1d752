#!/bin/sh
# Run once by the database's superuser, safe to repeat: two roles that are none, each the owner of its own databases only.
# Reads STANDFAST_DB_PASSWORD and TEMPORAL_DB_PASSWORD; connects as psql does (PGHOST, PGUSER, ... or POSTGRES_USER in its image).
set -eu
: "${STANDFAST_DB_PASSWORD:?}" "${TEMPORAL_DB_PASSWORD:?}" "${PGUSER:=${POSTGRES_USER:-postgres}}"
export PGUSER

sql() {
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname postgres "$@"
}

# A password goes in by a variable of psql's, so that it may hold any character.
role() {
    export name="$1" password="$2"
    sql <<'SQL'
\getenv name name
\getenv password password
SELECT format('CREATE ROLE %I LOGIN', :'name') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
SQL
}

database() {
    export owner="$1" name="$2"
    sql <<'SQL'
\getenv name name
\getenv owner owner
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'owner')
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
}

role standfast "$STANDFAST_DB_PASSWORD"
role temporal "$TEMPORAL_DB_PASSWORD"
database standfast standfast
database temporal temporal
database temporal temporal_visibility
