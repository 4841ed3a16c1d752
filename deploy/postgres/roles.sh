#!/bin/sh
# Run once by the database's superuser, safe to repeat: three roles that are none. `temporal` owns its databases, `standfast_owner`
# the records, which worker and ingress reach as `standfast`: it owns the inbox alone, so it adds to the evidence and alters none.
# Reads the passwords that the next lines name; connects as psql does (PGHOST, PGUSER, ... or POSTGRES_USER in its image).
set -eu
: "${STANDFAST_DB_PASSWORD:?}" "${STANDFAST_OWNER_PASSWORD:?}" "${TEMPORAL_DB_PASSWORD:?}" "${PGUSER:=${POSTGRES_USER:-postgres}}"
export PGUSER

sql() {
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "${1:-postgres}"
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
ALTER DATABASE :"name" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
}

role standfast "$STANDFAST_DB_PASSWORD"
role standfast_owner "$STANDFAST_OWNER_PASSWORD"
role temporal "$TEMPORAL_DB_PASSWORD"
database standfast_owner standfast
database temporal temporal
database temporal temporal_visibility

# Where `standfast` owned the records, it does no longer. The owner may put back a dump in which some of it is `standfast`'s.
sql standfast <<'SQL'
SELECT 'GRANT standfast TO standfast_owner' WHERE NOT pg_has_role('standfast_owner', 'standfast', 'MEMBER') \gexec
GRANT CONNECT ON DATABASE standfast TO standfast;
GRANT CREATE ON SCHEMA public TO standfast, standfast_owner;
REASSIGN OWNED BY standfast TO standfast_owner;
SELECT format('ALTER TABLE public.%I OWNER TO standfast', tablename) FROM pg_tables
    WHERE schemaname = 'public' AND tablename LIKE 'inbox%' \gexec
SQL
