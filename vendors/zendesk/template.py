"""The body to give the webhook of a Zendesk trigger whose conditions say what an S1 is.

Only placeholders of one line stand in it: a customer's text could break the JSON, and is personal data.
"""

PAYLOAD = {
    "schema": "standfast.zendesk.v1",
    "ticket_id": "{{ticket.id}}",
    "title": "{{ticket.title}}",
    "priority": "{{ticket.priority}}",
    "status": "{{ticket.status}}",
    "tags": "{{ticket.tags}}",
    "organization": "{{ticket.organization.name}}",
    "link": "{{ticket.link}}",
    "created_at": "{{ticket.created_at_with_timestamp}}",
    "updated_at": "{{ticket.updated_at_with_timestamp}}",
}
