"""COM-1: the first update; of a security incident, first the answer whether customers are to be told at all (SCP-3)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from domain.incident.clock import Clock
from domain.incident.incident import Incident
from domain.rule.clause import Clause
from domain.rule.timer import earliest, nth, promised

ASKED = "customers"
"""What the clock is about that waits for the answer."""


def has_vendor(incident: Incident) -> bool:
    """Whether there is a status page for its service."""
    return incident.catalog.vendor("status_page", incident.service.name) != "none"


def to_be_told(incident: Incident) -> bool:
    """SCP-3: whether somebody has said that customers are to be told of a security incident."""
    answer = incident.secrecy.answer
    return incident.secret and answer is not None and answer.tell


def hidden_since(incident: Incident) -> datetime | None:
    """SCP-3: since when it keeps its subject to itself; None while it does not."""
    marked = incident.secrecy.spans(incident.opened_at, incident.opened.security)
    return marked[-1][0] if incident.secret else None


def withheld(incident: Incident) -> bool:
    """SCP-3: whether somebody has said that customers are not to be told of a security incident."""
    answer = incident.secrecy.answer
    return incident.secret and answer is not None and not answer.tell


def told_spans(incident: Incident, start: datetime) -> Iterator[tuple[datetime, datetime | None]]:
    """The spans from a moment on in which nobody has said that customers are not to be told (SCP-3)."""
    marks = incident.secrecy
    turns = [(one.at, one.tell) for one in marks.answers] + [(at, True) for at, secret in marks.turns if not secret]
    return _spans_of_yes(sorted(turns), start, start)


def _spans_of_yes(
    turns: Iterable[tuple[datetime, bool]], start: datetime, since: datetime | None = None
) -> Iterator[tuple[datetime, datetime | None]]:
    """The spans from a moment on in which the last word was yes; `since` where it is before anybody said a word."""
    for at, tell in turns:
        if since and not tell:
            if at > since:
                yield since, at
            since = None
        elif tell and since is None:
            since = max(at, start)
    if since:
        yield since, None


def first_update(
    incident: Incident,
    com_1: Clause,
    *,
    since: datetime,
    until: datetime | None,
    posts: Sequence[datetime],
    runs: tuple[str, ...],
) -> Iterator[Clock]:
    """While a severity asks for it: published, or while it is secret answered; then published if that is the answer."""
    first = _first(posts, since, until)
    marked = incident.secrecy.spans(incident.opened_at, incident.opened.security)
    hidden = hidden_since(incident)
    if hidden is None:
        shown = max([since, *(end for begun, end in marked if end and not (first and first <= begun))])
        yield from promised(incident, com_1, start=shown, stop=first, until=until, runs=runs)
        return
    if hidden > since:
        end = min(hidden, until) if until else hidden
        kept = first if first and first <= end else None
        yield from promised(incident, com_1, start=since, stop=kept, until=None if kept else end, runs=runs)
    yield from _asked(incident, com_1, max(since, hidden), until, posts, runs)


def _asked(
    incident: Incident,
    com_1: Clause,
    start: datetime,
    until: datetime | None,
    posts: Sequence[datetime],
    runs: tuple[str, ...],
) -> Iterator[Clock]:
    """The answer, by word or by an update; the update after each yes, until one is published or it is taken back."""
    if until and until <= start:
        return
    answers = [one for one in incident.secrecy.answers if one.at >= start]
    stop = min([*(one.at for one in answers[:1]), *posts_from(posts, start)], default=None)
    role, what = incident.policy.role("commander"), "answer: are customers to be told now?"
    yield from promised(
        incident, com_1, start=start, stop=stop, until=until, about=ASKED, runs=runs, what=what, owner=role
    )
    for number, (told, taken_back) in enumerate(_spans_of_yes([(one.at, one.tell) for one in answers], start)):
        end = earliest(until, taken_back)
        kept = _first(posts, told, end)
        again = (*runs, nth(number, "v"))
        yield from promised(incident, com_1, start=told, stop=kept, until=end, about="told", runs=again)
        if kept:
            return


def posts_from(posts: Sequence[datetime], start: datetime) -> list[datetime]:
    """The first update from a moment on, where there is one."""
    return [at for at in posts if at >= start][:1]


def _first(posts: Sequence[datetime], since: datetime, until: datetime | None) -> datetime | None:
    return next((at for at in posts_from(posts, since) if until is None or at < until), None)
