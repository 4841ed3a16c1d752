"""The body and the headers to give Datadog's webhook: left alone it tells neither the state nor the tags of a monitor.

Only documented variables stand in it (https://docs.datadoghq.com/integrations/webhooks/). `$EVENT_MSG` does not,
because nobody says whether quotes and line breaks in it are escaped.
"""

HEADERS = {"Authorization": "Bearer <one of DATADOG_WEBHOOK_TOKEN>", "Content-Type": "application/json"}

PAYLOAD = {
    "schema": "standfast.datadog.v1",
    "event_id": "$ID",
    "monitor_id": "$ALERT_ID",
    "cycle_key": "$ALERT_CYCLE_KEY",
    "transition": "$ALERT_TRANSITION",
    "alert_type": "$ALERT_TYPE",
    "priority": "$ALERT_PRIORITY",
    "scope": "$ALERT_SCOPE",
    "metric": "$ALERT_METRIC",
    "query": "$ALERT_QUERY",
    "status_summary": "$ALERT_STATUS",
    "alert_title": "$ALERT_TITLE",
    "event_title": "$EVENT_TITLE",
    "event_type": "$EVENT_TYPE",
    "text": "$TEXT_ONLY_MSG",
    "hostname": "$HOSTNAME",
    "tags": "$TAGS",
    "service": "$TAGS[service]",
    "env": "$TAGS[env]",
    "team": "$TAGS[team]",
    "date": "$DATE",
    "last_updated": "$LAST_UPDATED",
    "link": "$LINK",
    "snapshot": "$SNAPSHOT",
    "org_id": "$ORG_ID",
    "org_name": "$ORG_NAME",
}
