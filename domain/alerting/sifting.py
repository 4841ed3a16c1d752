"""What of a digest is news to a group, which alerts it follows one by one, and what it may have done about them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from domain.alerting.alert import CALM, Alert
from domain.alerting.digest import AlertDigest
from domain.alerting.known import DOUBT, AlertStatus, as_later, in_brief, meaning, own_key
from domain.alerting.scope import Suppression
from domain.alerting.unseen import mark, unpacked
from domain.value.act import Act
from domain.value.model import Instant, Model

LARGEST = 500
"""Keys remembered at most; calm ones are forgotten first, the longest unheard of first.

So many that fire are followed one by one; of more, only those of a severity that was not heard yet, as many again.
"""


class HeldAlert(Model):
    """An alert that waits: a recovery for the end of flapping, a firing for that of a window, or for being no echo."""

    alert: Alert
    until: Instant


class GroupAction(Model):
    """One thing to do: suppress, open an incident, or tell the open one."""

    alerts: tuple[Alert, ...] = ()
    count: int = 1
    suppressed: Suppression | None = None
    opens: bool = False
    act: Act | None = None
    incident: str = ""
    unseen: int | None = None
    """How many alerts that were not told one by one still fire; None where nobody counted."""
    beside: str = ""
    """The incident that the one to be opened is linked to (DET-4)."""


Sifted = tuple[dict[str, AlertStatus], dict[str, HeldAlert], tuple[Alert, ...]]


def sift(
    alerts: Iterable[Alert],
    known: Mapping[str, AlertStatus],
    doubted: Mapping[str, HeldAlert],
    standing: Callable[[AlertStatus | None], tuple[datetime | None, bool]],
) -> Sifted:
    """What is known now, what is in doubt, and what is news, under the keys that tell one sender from another.

    `standing` says of what is known since when its incident is over, and whether it is being fought.
    """
    learned, held, fresh = dict(known), dict(doubted), dict[str, Alert]()
    origins = {key: one.origin for key, one in known.items()}
    for told in alerts:
        if told.state == "test":
            continue
        alert = told.model_copy(update={"key": own_key(told, origins)})
        before = known.get(alert.key)
        means = meaning(alert, before, *standing(before))
        if alert.state in CALM or means == "news":
            held.pop(alert.key, None)
        if means == "doubt" and alert.heard_at:
            held.setdefault(alert.key, HeldAlert(alert=alert, until=alert.heard_at + DOUBT))
        elif means == "beginning" and before:
            learned[alert.key] = before.model_copy(update={"unbegun": False})
        elif means == "news" and not (alert.key in fresh and fresh[alert.key].at > alert.at):
            fresh[alert.key] = as_later(alert, before)
            origins.setdefault(alert.key, alert.origin)
    return learned, held, tuple(fresh.values())


def recovered_in_brief(digest: AlertDigest, known: Mapping[str, AlertStatus]) -> tuple[Alert, ...]:
    """The known alerts whose recovery was told by their marks alone."""
    if not digest.left_over or digest.heard_at is None:
        return ()
    over, at = unpacked(digest.left_over), digest.heard_at
    return tuple(in_brief(key, one, at) for key, one in known.items() if not one.calm and mark(key) in over)


def follow(
    fresh: Iterable[Alert], known: Mapping[str, AlertStatus], unseen: set[str], left_firing: set[str]
) -> tuple[tuple[Alert, ...], set[str]]:
    """The news that is followed one by one, and the marks of everything else that fires."""
    followed = {key for key, one in known.items() if not one.calm}
    severities = {known[key].severity for key in followed}
    marks = unseen | (left_firing - {mark(key) for key in followed})
    kept: list[Alert] = []
    for alert in fresh:
        one = mark(alert.key)
        if alert.state in CALM:
            kept += [alert] if alert.key in known or one not in marks else []
            marks.discard(one)
        elif alert.key in followed or len(followed) < LARGEST or _is_of_its_own(alert, severities, len(followed)):
            kept.append(alert)
            marks.discard(one)
            followed.add(alert.key)
            severities.add(alert.severity)
        else:
            marks.add(one)
    return tuple(kept), marks


def _is_of_its_own(alert: Alert, severities: set[str], followed: int) -> bool:
    return alert.severity not in severities and followed < 2 * LARGEST


def heeded(fresh: Iterable[Alert], known: Mapping[str, AlertStatus]) -> tuple[Alert, ...]:
    """The alerts that matter: a recovery of something never heard of does not, and is remembered all the same."""
    return tuple(one for one in fresh if one.state not in CALM or one.key in known or one.heard_at)


def bounded(known: dict[str, AlertStatus]) -> dict[str, AlertStatus]:
    """No more than is remembered; what fires and is followed by itself is never forgotten."""
    if len(known) <= LARGEST:
        return known
    order = sorted(known, key=lambda key: (known[key].calm, -known[key].at.timestamp()))
    return {key: known[key] for place, key in enumerate(order) if place < LARGEST or _is_followed(known[key])}


def _is_followed(known: AlertStatus) -> bool:
    return not known.calm and known.heard_at is not None
