"""COM-3, COM-6: what customers may read: texts with what is known filled in, and never a colleague's name."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.company.catalog import Person
from domain.company.status_template import filled as filled_in
from domain.incident.alerts import Recovered
from domain.incident.incident import Incident
from domain.incident.severity import outage_began
from domain.rule.refusal import Refusal
from domain.rule.timer import earliest
from domain.value.model import said_count

LONGEST = 3000
"""What a page or a mail takes of a text."""
HEDGE = "Some customers may have trouble with {public}"
"""What is told of a service of which the catalog does not say what may not work."""
MINUTE = timedelta(minutes=1)
SECRET = re.compile(
    r"\b(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[ _-]?key)\b[ \t]*[:=][ \t]*(?=\S*\d)\S{4}"
    r"|\b(?:AKIA[0-9A-Z]{16}|gh[pos]_\w{20}|xox[abpr]-\w{8}|eyJ[\w-]{16})|-----BEGIN",
    re.IGNORECASE,
)
"""A word for a secret with its value after it, or how keys of AWS, GitHub, Slack, a JWT or a PEM file begin."""
HOST = re.compile(r"https?://([^/?#:]+)")
GAP = re.compile(r"\{\{[\w ]+\}\}|\{(?!name\})[\w ]+\}")
"""What a template leaves to be filled in; `{name}` is filled in for each reader of a mail."""


def named(incident: Incident) -> str:
    """The service's name for customers."""
    return incident.service.public or incident.service.title


def read_as(incident: Incident) -> str:
    """The service's name as customers read it on the page: after a correction the old one, until a text names the new.

    While it is fought, drafts name the new one for approval, unless customers know no such service (DET-7).
    """
    old = incident.corrections.read_as if incident.policy.updates.keeps_name else ""
    return old if old and (incident.over or not incident.service.customer_facing) else named(incident)


def _ended_as(incident: Incident) -> str:
    """The name at the end: both where a text that names the new one may be on the page, and nobody knows it (DET-7)."""
    old, new = read_as(incident), named(incident)
    if old == new or not (incident.policy.updates.names_both and incident.service.customer_facing):
        return old
    unknown = (one for one in incident.updates.values() if one.approved_at and not one.published_at)
    return f"{old} and {new}" if any(new in one.body for one in unknown) else old


def values(incident: Incident, about: str = "") -> dict[str, str]:
    """What a text may be filled in with; the commander's summary is for colleagues and stays empty.

    `about` is the service's name where customers were told of it by another one. Moments are UTC.
    """
    now = incident.events[-1].at
    public = about or _ended_as(incident)
    kept = about or public != named(incident)
    words = {"service": public if kept else incident.service.title, "public": public, "id": incident.id, "summary": ""}
    hedge = "" if public != named(incident) else incident.service.hedge.rstrip(". ")
    page, green = incident.status_url or "our status page", green_since(incident)
    began = _felt_from(incident, green)
    works = _clock(green, began) if green else ""
    span = {"began": _clock(began, None), "ended": works if incident.over else "", "from": _clock(began, now)}
    felt = {"green": works, "impact": impact(incident)}
    told = {"hedge": hedge or HEDGE.format(public=public), "next": _next(incident), "page": page}
    return {**words, **span, **felt, **told}


def ended_now(words: Mapping[str, str], now: datetime) -> dict[str, str]:
    """The same as if it was over now: where nobody knows yet when it worked again, it is now."""
    day = f"{now:%d %B} "
    works = words.get("green") or f"{'' if words.get('began', '').startswith(day) else day}{now:%H:%M}"
    return {**words, "green": works, "ended": works}


def _felt_from(incident: Incident, green: datetime | None) -> datetime:
    """Since when customers are hit, as somebody said it; else since the outage lasts."""
    known = incident.policy.alerts.outage_begins == "worst_known"
    said = incident.work.impact.since if known and incident.work.impact else None
    return said if said and (green is None or said < green) else outage_began(incident)


def green_since(incident: Incident) -> datetime | None:
    """Since when it works by its alerts, at the latest since the end; None while they fire or nobody knows.

    A recovery before the last reopening says nothing: it failed again after that (RES-3).
    """
    moments = [at for at in incident.moments(Recovered) if all(begun <= at for begun in incident.reopenings)]
    recovered = moments[-1] if moments and not incident.firing else None
    return earliest(recovered, incident.resolved_at)


def impact(incident: Incident) -> str:
    """What customers could not do, as a person wrote it; empty where nobody did, or customers may not read that."""
    said = incident.work.impact.blocks.strip().rstrip(".") if incident.work.impact else ""
    return said if said and not not_public(incident, said) else ""


def filled(incident: Incident, template: str, about: str = "") -> str:
    """A text of the policy with what is known of the incident filled in."""
    return filled_in(template, values(incident, about)).strip()[:LONGEST]


def addressed(body: str, name: str) -> str:
    """A mail's text with the reader's name in place of `{name}`; without a name nothing stands there."""
    return body.replace(" {name}", f" {name}" if name else "").replace("{name}", name)


def _next(incident: Incident) -> str:
    """By when customers hear again, counted from what they read, whenever that is published (COM-2)."""
    rule = incident.policy.clocks.get("COM-2")
    span = rule.span(incident.likely) if rule else None
    if span is None:
        return "as soon as we know more"
    hours, minutes = divmod(round(span / MINUTE), 60)
    said = [said_count(count, unit) for count, unit in ((hours, "hour"), (minutes, "minute")) if count]
    return f"within {' and '.join(said)}"


def _clock(at: datetime, near: datetime | None) -> str:
    same_day = near is not None and near.date() == at.date()
    return f"{at:%H:%M}" if same_day else f"{at:%d %B %H:%M}"


def named_in(incident: Incident, text: str) -> tuple[Person, ...]:
    """The people of the catalog whom a text names: whole, by their first or last name, or by their address."""
    ordinary = {word.casefold() for word in incident.policy.updates.ordinary_words}
    return tuple(person for person in incident.catalog.people.values() if _names(person, text, ordinary))


def _names(person: Person, text: str, ordinary: set[str]) -> bool:
    parts = [part for part in re.split(r"[\s.]+", person.name) if len(part) > 1 and part.casefold() not in ordinary]
    words = {person.name, person.email, *parts} | ({person.id} - ordinary)
    return any(_stands_in(word, text) for word in words if word)


def _stands_in(word: str, text: str) -> bool:
    """Whether a name stands in a text, as a word of its own where its script has capital letters and spaces."""
    if word.lower() == word.upper():
        return word in text
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def not_public(incident: Incident, *texts: str) -> Refusal | None:
    """The refusal of a public text that names somebody, or holds what is for colleagues only (COM-6)."""
    people = dict.fromkeys(person.name for text in texts for person in named_in(incident, text))
    if people:
        return Refusal(f"customers would read the name of {', '.join(people)}: say what happened, not who")
    kept = next((why for text in texts if (why := inside(incident, text))), "")
    return Refusal(kept) if kept else None


def inside(incident: Incident, text: str) -> str:
    """Why a text is for colleagues only: a secret, an address of our own systems, a gap; empty when nothing is."""
    if not incident.policy.updates.keeps_inside:
        return ""
    if SECRET.search(text):
        return (
            "customers would read what looks like a password or a key: leave it out, and change it, for it is written"
        )
    host = next((one for one in _own_hosts(incident) if _stands_in(one, text)), "")
    if host:
        return f"customers would read the address {host}, which is for colleagues: leave it out"
    gap = GAP.search(text)
    return f"{gap.group()} is not filled in: write what customers are to read there" if gap else ""


def _own_hosts(incident: Incident) -> list[str]:
    """Where the company's own dashboards, logs and runbooks are."""
    service, catalog = incident.service, incident.catalog
    places = [link.url for link in (*service.dashboards, *service.logs)] + [book.url for book in catalog.runbooks]
    return list(dict.fromkeys(host[1] for url in places if (host := HOST.match(url))))
