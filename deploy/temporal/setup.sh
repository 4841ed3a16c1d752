#!/bin/sh
# What Temporal needs once, safe to repeat: `schema` before the server runs, `namespace` once it does.
# The databases and their owner are there already (deploy/postgres/roles.sh, or your own administrator).
set -eu
: "${NAMESPACE:=default}" "${RETENTION:=90d}"

schema() {
    for name in temporal visibility; do
        database=$([ "$name" = temporal ] && echo temporal || echo temporal_visibility)
        tool="temporal-sql-tool --plugin postgres12 --ep $POSTGRES_SEEDS -p $DB_PORT -u $POSTGRES_USER --db $database"
        $tool setup-schema -v 0.0
        $tool update-schema -d "/etc/temporal/schema/postgresql/v12/$name/versioned"
    done
}
# The frontend knows a new namespace only after it has refreshed its list.
await_namespace() {
    for _ in $(seq 60); do
        temporal operator search-attribute list -n "$NAMESPACE" >/dev/null 2>&1 && return
        sleep 1
    done
    echo "namespace $NAMESPACE: made, but still unknown after a minute; look at the server's log" >&2
    return 1
}

namespace() {
    if temporal operator namespace describe -n "$NAMESPACE" >/dev/null 2>&1; then
        temporal operator namespace update -n "$NAMESPACE" --retention "$RETENTION"
    else
        temporal operator namespace create -n "$NAMESPACE" --retention "$RETENTION"
    fi
    await_namespace
    for name in IncidentSeverity IncidentPhase IncidentService IncidentCommander IncidentKind IncidentTrouble; do
        temporal operator search-attribute create -n "$NAMESPACE" --name "$name" --type Keyword
    done
    temporal operator search-attribute create -n "$NAMESPACE" --name IncidentNextDue --type Datetime
}

"$1"
