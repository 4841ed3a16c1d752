"""What a PagerDuty webhook holds that we use, read leniently."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from vendors import said

OWN_KEY = re.compile(r"(INC-[0-9A-HJKMNP-TV-Z]{5})/page/([\w-]+)")
OWN_TITLE = re.compile(r"\[(INC-[0-9A-HJKMNP-TV-Z]{5})/(?:page/)?([\w-]+)\]$")
"""The mark at a title's end, whole or short."""


class Thing(said.Told):
    """Something PagerDuty refers to."""

    id: said.Text = ""
    type: said.Text = ""
    summary: said.Text = ""
    html_url: said.Text = ""


def _thing(value: Any) -> Any:
    """A thing, of which some relays pass on the name alone."""
    return {"summary": value} if isinstance(value, str) and value else said.part(value)


Maybe = Annotated[Thing | None, BeforeValidator(_thing)]
Things = Annotated[tuple[Thing, ...], BeforeValidator(said.objects)]


class Client(said.Told):
    """The program an incident came through."""

    name: said.Text = ""


class Event(said.Told):
    """The envelope of every V3 webhook; the data's shape depends on the type."""

    id: said.Text = ""
    event_type: said.Text
    occurred_at: said.When = said.NEVER
    agent: Maybe = None
    client: Annotated[Client | None, BeforeValidator(said.part)] = None
    data: dict[str, Any] = Field(default_factory=dict)

    @property
    def person(self) -> str:
        """The PagerDuty id of the person who did this; empty for programs and for PagerDuty itself."""
        return self.agent.id if self.agent and self.agent.type in ("user_reference", "user") else ""


class Webhook(said.Told):
    """The whole body."""

    event: Event


class Incident(said.Told):
    """An incident, as the data of an event or as what the data is about."""

    id: Annotated[str, BeforeValidator(said.text), StringConstraints(min_length=1)]
    title: said.Text = ""
    summary: said.Text = ""
    status: said.Text = ""
    """`triggered`, `acknowledged` or `resolved`, as it was when the body was made."""
    incident_key: said.Text = ""
    created_at: said.When = said.NEVER
    reopened_at: said.When = said.NEVER
    html_url: said.Text = ""
    service: Maybe = None
    assignees: Things = ()
    escalation_policy: Maybe = None
    priority: Maybe = None
    urgency: said.Text = ""
    resolve_reason: Any = None
    custom_fields: said.Pairs = Field(default_factory=dict)
    body: Any = None
    """Where an account adds the incident's details to its webhooks."""

    @property
    def details(self) -> dict[str, str]:
        """What senders and the account have written to it beside its title."""
        body = said.part(self.body) or {}
        return said.pairs(body.get("details")) | said.pairs(body.get("custom_details")) | self.custom_fields

    @property
    def severity(self) -> str:
        """The priority, by the name that the account gives it. An urgency is none: it is how people are told there."""
        named = self.priority.summary if self.priority else ""
        return named or said.severity(self.details)

    @property
    def began_at(self) -> datetime:
        """When it began to fire, or did again; `NEVER` when that is not said."""
        return max(self.reopened_at, self.created_at)

    @property
    def own(self) -> str:
        """Our incident whose page this is; empty when it is none of ours."""
        return self._mark[0]

    @property
    def page(self) -> str:
        """Which of our incident's pages it is; empty when it is none of ours."""
        return self._mark[1]

    @property
    def _mark(self) -> tuple[str, str]:
        found = OWN_KEY.fullmatch(self.incident_key or "") or OWN_TITLE.search(self.title or self.summary or "")
        return (found.group(1), found.group(2)) if found else ("", "")

    @property
    def merged_into(self) -> str:
        """The incident this one went into; empty when it was resolved for itself."""
        reason = self.resolve_reason if isinstance(self.resolve_reason, Mapping) else {}
        target = reason.get("incident")
        if reason.get("type") != "merge_resolve_reason":
            return ""
        return str(target.get("id", "")) if isinstance(target, Mapping) else "unknown"

    @property
    def labels(self) -> dict[str, str]:
        """What runbooks are matched on and people look at."""
        named = {"service": self.service, "priority": self.priority, "escalation_policy": self.escalation_policy}
        labels = {name: thing.summary or thing.id for name, thing in named.items() if thing}
        more = {"urgency": self.urgency, "incident_key": self.incident_key, "merged_into": self.merged_into}
        return self.details | labels | {name: value for name, value in more.items() if value}


class Note(said.Told):
    """What somebody wrote on an incident."""

    incident: Incident
    content: said.Text = ""


class Said(said.Told):
    """What was said about an incident there: a request for somebody, the answer to it, a status update."""

    incident: Incident
    user: Maybe = None
    escalation_policy: Maybe = None
    message: said.Text = ""
    state: said.Text = ""

    @property
    def whom(self) -> Thing | None:
        """Who is asked."""
        return self.user or self.escalation_policy
