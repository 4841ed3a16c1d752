"""Stands around every monitor's reader: nothing that a proved sender says is lost in silence.

What cannot be read is itself an alert, for the service by default; a message of another sender is read as that one
reads it; moments that cannot be are the arrival; and every text is bounded and safe to store and to show.
"""

import functools
import hashlib
import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from domain.alerting.alert import Alert, UnreadPart, VendorAct, WebhookContent
from domain.company.severity_word import marked
from vendors.directory import DIRECTORY
from vendors.door import READ_WHOLE, WHOLE, Request, Unreadable, read_json
from vendors.said import NEVER, pairs, part, service
from vendors.wrapping import passed_on, unwrapped

Reader = Callable[[Request], WebhookContent]
Reading = Callable[[Any], WebhookContent]
Body = Mapping[str, Any]
TITLE, TEXT, WORD, LABELS, ADDRESS = 250, 10_000, 250, 16_000, 2_000
"""Characters of a title, a description, a word or key, all labels together, and a web address."""
MANY = 20
"""Links and people that are kept of one alert."""
MESSAGES = 1_000
"""Messages of one sender that a relay may pass on at once; of more none is read, and that rings."""
OLDEST = 2000
"""The year before which nothing has fired that is told today."""
SKEW = timedelta(minutes=1)
"""How far clocks may differ before it is worth a word."""
CALM = ("resolved", "merged")
TEMPLATED = ("alertmanager", "grafana", "cloudwatch")
"""Senders that let people write the whole payload: one that names a service is read as any monitor's own."""
CUT = "x-standfast-cut"
"""The header of a row whose body was too large to be kept whole; its value is how large it was, as far as is known."""
SHAPES: Mapping[str, Callable[[Body], bool]] = {
    "pagerduty": lambda body: isinstance(body.get("event"), dict) and "event_type" in body["event"],
    "opsgenie": lambda body: "action" in body and bool({"alertId", "tinyId"} & (part(body.get("alert")) or {}).keys()),
    "grafana": lambda body: ("alerts" in body and ("orgId" in body or "receiver" in body)) or "ruleId" in body,
    "alertmanager": lambda body: isinstance(body.get("alerts"), list) and "groupLabels" in body,
    "cloudwatch": lambda body: bool({"AlarmName", "detail-type", "alarmData", "TopicArn"} & body.keys()),
    "sentry": lambda body: isinstance(body.get("data"), dict) and "installation" in body,
    "zendesk": lambda body: "ticket_id" in body or str(body.get("type", "")).startswith("zen:"),
    "datadog": lambda body: "alert_transition" in body or str(body.get("schema", "")).startswith("standfast.datadog"),
    "generic": lambda body: body.get("kind") in ("alert", "escalation") or "alert_group" in body,
}
"""By what a message is known that came through another sender's door."""


def hearing(source: str) -> Callable[[Reader], Reader]:
    """A reader that keeps the house's promises; `source` is whose door it stands behind."""

    def guarded(read: Reader) -> Reader:
        @functools.wraps(read)
        def hear(request: Request) -> WebhookContent:
            try:
                if CUT in request.headers:
                    raise Unreadable("body", f"{request.headers[CUT]} bytes", READ_WHOLE)
                request = unwrapped(request)
                heard = read(request)
            except Unreadable as wrong:
                heard = _elsewhere(source, request) or _inside(read, request) or WebhookContent(unread=(unread(wrong),))
            return _safe(source, heard, request.received_at)

        return hear

    return guarded


def each(
    told: Iterable[Any], read: Callable[[Any, str], Alert | None], place: str
) -> tuple[list[Alert], tuple[UnreadPart, ...]]:
    """Read every alert of a message for itself: what is wrong with one hides no other."""
    alerts: list[Alert] = []
    wrong: list[UnreadPart] = []
    for number, one in enumerate(told):
        path = f"{place}.{number}"
        if number >= WHOLE:
            return alerts, (
                UnreadPart(path=path, found=f"more than {WHOLE} alerts", expected=READ_WHOLE),
                *wrong[:MANY],
            )
        try:
            alert = read(one, path)
            alerts += [alert] if alert else []
        except Unreadable as error:
            wrong.append(unread(error))
        except (ValueError, TypeError, OverflowError) as error:
            wrong.append(UnreadPart(path=path, found=repr(one)[:80], expected=f"an alert ({error})"[:200]))
    return alerts, tuple(wrong[:MANY])


def elsewhere(told: Any) -> str:
    """The monitor whose shape a body is that does not say of itself what it is; empty when it is nobody's."""
    if not isinstance(told, Mapping) or told.get("kind"):
        return ""
    others = ((name, fits) for name, fits in SHAPES.items() if name not in ("generic", "zendesk"))
    return next((name for name, fits in others if fits(told)), "")


def unread(wrong: Unreadable) -> UnreadPart:
    """What is not understood, as a part of what is heard."""
    return UnreadPart(path=wrong.path[:WORD], found=wrong.found[:WORD], expected=wrong.expected[:WORD])


def is_alarm(alert: Alert) -> bool:
    """Whether this alert says that another one could not be read."""
    return alert.labels.get("kind") == "unreadable"


def _elsewhere(source: str, request: Request) -> WebhookContent | None:
    """The right message at the wrong door: its alerts are heard; its acts are not, for the door proves no person."""
    try:
        body = read_json(request.body)
    except Unreadable:
        return None
    if not isinstance(body, dict):
        return None
    known = [name for name, fits in SHAPES.items() if name != source and fits(body)]
    own_words = source in TEMPLATED and "alerts" not in body and bool(service(pairs(body)))
    for name in known or (["generic"] if own_words else []):
        try:
            heard: WebhookContent = DIRECTORY[name].part("webhook").read.__wrapped__(request)
        except Unreadable:
            continue
        said = f"a message of {name} at the door of {source}"
        marked = (one.model_copy(update={"labels": one.labels | {"door": source}}) for one in heard.alerts)
        return heard.model_copy(
            update={"alerts": tuple(marked), "acts": (), "moved": (), "remark": heard.remark or said}
        )
    return None


def _inside(read: Reader, request: Request) -> WebhookContent | None:
    """What a relay passes on of this door's own sender, one message or several; of their acts nobody is proved."""
    try:
        messages = passed_on(read_json(request.body))
    except (Unreadable, RecursionError):
        return None
    if len(messages) > MESSAGES:
        return None
    found = together(messages, lambda told: read(request.model_copy(update={"body": json.dumps(told).encode()})))
    return found if found.alerts or found.heartbeats else None


def together(messages: Iterable[Any], read: Reading) -> WebhookContent:
    """The alerts of several messages, and which of them could not be read; a remark where there is nothing else."""
    heard: list[WebhookContent] = []
    for told in messages:
        try:
            heard.append(read(told))
        except Unreadable as error:
            heard.append(WebhookContent(unread=(unread(error),)))
    alerts = tuple(alert for one in heard for alert in one.alerts)
    beats = tuple(beat for one in heard for beat in one.heartbeats)
    wrong = tuple(part for one in heard for part in one.unread)[:MANY]
    remark = "" if alerts or beats else next((one.remark for one in heard if one.remark), "")
    return WebhookContent(alerts=alerts, heartbeats=beats, unread=wrong, remark=remark)


def _safe(source: str, heard: WebhookContent, received_at: datetime) -> WebhookContent:
    alerts = [_bounded(_timed(_graded(alert), received_at)) for alert in heard.alerts]
    alerts += [_alarm(source, heard.unread, received_at)] if heard.unread else []
    return heard.model_copy(
        update={
            "alerts": tuple(alerts),
            "heartbeats": tuple(_bounded(_timed(alert, received_at)) for alert in heard.heartbeats),
            "acts": tuple(_act(one, received_at) for one in heard.acts),
            "moved": tuple(_act(one, received_at) for one in heard.moved),
            "remark": line(heard.remark[:TEXT])[:TEXT],
        }
    )


def _act(told: VendorAct, received_at: datetime) -> VendorAct:
    """The act in words of a length, done at the latest when it arrived; what is done twice has one id."""
    at = received_at if told.act.at and _odd(told.act.at, received_at) else told.act.at
    act = told.act.model_copy(update={"at": at, "id": short(told.act.id), "by": line(told.act.by[:TEXT])[:WORD]})
    named = {name: line(getattr(told, name)[:TEXT])[:WORD] for name in ("service", "environment")}
    return told.model_copy(update={**named, "alert": short(told.alert), "act": act})


def _alarm(source: str, wrong: tuple[UnreadPart, ...], received_at: datetime) -> Alert:
    """That something was said which nobody understood; the same for an hour, so that it rings once."""
    more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    said = f"{wrong[0].path}: found {wrong[0].found}, expected {wrong[0].expected}{more}."
    whole = wrong[0].expected == READ_WHOLE
    what = "a storm that could not be read whole" if whole else "something that could not be read"
    alert = Alert(
        source=source,
        key=f"unreadable/{source}",
        episode=received_at.strftime("%Y-%m-%dT%HZ"),
        title=f"{source} said {what}",
        description=f"{said} It may have been an alert: look there. `standfast inbox` shows what came.",
        severity="critical",
        labels={"kind": "unreadable", "door": source},
        fired_at=received_at,
        at=received_at,
    )
    return _bounded(alert)


def _graded(alert: Alert) -> Alert:
    """Where nothing says how bad it is, a title that is marked with it does."""
    return alert if alert.severity else alert.model_copy(update={"severity": marked(alert.title)})


def _odd(at: datetime, received_at: datetime) -> bool:
    return at > received_at or at.year < OLDEST


def _timed(alert: Alert, received_at: datetime) -> Alert:
    """An alert has begun at the latest when it arrived, and it has not ended before it began."""
    started = received_at if _odd(alert.fired_at, received_at) else alert.fired_at
    at = received_at if _odd(alert.at, received_at) else alert.at
    if alert.state in CALM and (started != alert.fired_at or at < started):
        at = received_at
    if started == alert.fired_at and at == alert.at:
        return alert
    said = alert.description
    if alert.fired_at == NEVER:
        said = f"{said}\nIts sender does not say in a way that can be read when it began: the arrival counts.".lstrip(
            "\n"
        )
    elif alert.fired_at.year < OLDEST or alert.fired_at > received_at + SKEW:
        said = f"{said}\nIts sender says that it began at {alert.fired_at:%Y-%m-%d %H:%M:%S} UTC, which cannot be: "
        said = said.lstrip("\n") + "the arrival counts."
    return alert.model_copy(update={"fired_at": started, "at": at, "description": said})


def _bounded(alert: Alert) -> Alert:
    """The alert in texts that can be stored and shown, none of them longer than somebody reads."""
    links = tuple(link for link in alert.links if len(link.url) <= ADDRESS)[:MANY]
    return alert.model_copy(
        update={
            "key": short(alert.key),
            "episode": short(alert.episode),
            "title": line(alert.title[:TEXT])[:TITLE] or "An alert without a name",
            "description": clean(alert.description[:TEXT]),
            "service": line(alert.service)[:WORD],
            "environment": line(alert.environment)[:WORD],
            "severity": line(alert.severity)[:WORD],
            "labels": _few(alert.labels),
            "links": tuple(link.model_copy(update={"label": line(link.label)[:WORD]}) for link in links),
            "page": short(alert.page),
            "ticket": short(alert.ticket),
            "paged": tuple(line(name)[:WORD] for name in alert.paged[:MANY]),
        }
    )


def _few(labels: Mapping[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    left = LABELS
    for name, value in labels.items():
        told = clean(value[: max(min(1000, left - len(name)), 0)])
        if left > len(name):
            kept[line(name)[:WORD]] = told
            left -= len(name) + len(told)
    return kept


def short(key: str) -> str:
    """A key as it is, or where it is long, its beginning and what tells it from its like."""
    told = line(key)
    if len(told) <= WORD and told == key:
        return key
    return f"{told[: WORD - 50]}~{hashlib.sha256(key.encode(errors='replace')).hexdigest()[:32]}"


def line(words: str) -> str:
    """Words as one line."""
    return " ".join(clean(words).split())


def clean(words: str) -> str:
    """Words without what moves a cursor, rings a terminal or turns the direction of reading."""
    if words.isascii() and words.isprintable():
        return words
    return "".join(one for one in words if one in "\n\t" or _is_shown(one)).strip()


def _is_shown(one: str) -> bool:
    """Letters and signs; a joiner inside an emoji or a script is one of them, a change of direction is none."""
    return (
        unicodedata.category(one) not in ("Cc", "Cs", "Co", "Cn")
        and one not in "\u2028\u2029\u061c"
        and not ("\u200e" <= one <= "\u200f" or "\u202a" <= one <= "\u202e" or "\u2066" <= one <= "\u2069")
    )
