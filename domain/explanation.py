"""Says in plain words what a clause of the policy will do: what will happen when, and for whom."""

from collections.abc import Callable

from domain.event import STANDFAST
from domain.policy import ClockRule, Policy
from domain.shape import write_span

CLOCKS = {
    "ACK-1": ("acknowledge", "the opening of the incident, and again from each reopening"),
    "ACK-2": ("page the next level of the ladder", "the miss of ACK-1, and again from each level paged"),
    "ACK-5": ("say where they are", "the acknowledgement, and again whenever somebody is heard from"),
    "TRI-4": ("declare the severity", "the acknowledgement"),
    "WAR-3": ("fill each chased role", "the declaration of a severity with a war room"),
    "WAR-4": ("post findings", "the declaration of a severity with a war room, and again from each finding"),
    "WAR-5": ("bring in the engineering manager", "the declaration"),
    "COM-1": ("publish the first status page update", "the declaration of a severity that customers are told of"),
    "COM-2": ("publish the next status page update", "the first update, and again from each one published"),
    "COM-7": ("compare the status page with the incident", "the first update, and again and again while it is open"),
    "FIX-2": ("authorise a change that bypasses the normal deployment, or refuse it", "the moment it is asked for"),
    "RES-2": ("resolve the incident", "the alert's firing at its source, once a severity is declared"),
    "SCP-3": ("answer whether personal data was breached", "the opening of a security incident"),
    "PM-1": ("complete the post-mortem", "the resolution, and again from each one after a reopening"),
    "ACT-2": (
        "close each action item (its own owner first)",
        "its opening, unless it has a due date of its own",
    ),
    "GDP-1": ("answer whether personal data was breached", "the resolution"),
    "GDP-2": ("record the notification of the authority, or why it is late", "the moment the breach was known"),
}
"""What each clock promises, and from when it counts."""


def explain(clause: str, policy: Policy) -> list[str] | None:
    """The sentences; None for a clause that this policy says nothing about."""
    sentences = _clock(clause, policy.clocks[clause], policy) if clause in policy.clocks else []
    more = MORE.get(clause)
    return [*sentences, *(more(policy) if more else [])] or None


def explained(policy: Policy) -> list[str]:
    """The clauses that can be explained."""
    return sorted({*policy.clocks, *MORE})


def _clock(clause: str, clock: ClockRule, policy: Policy) -> list[str]:
    what, start = CLOCKS.get(clause, (f"what {clause} promises", "its start"))
    said = [f"{_owner(clock, policy)} must {what} within {_within(clock)}, counted from {start}."]
    if clock.owner == STANDFAST:
        return said
    if clock.reminders:
        early = " and ".join(map(write_span, clock.reminders))
        said.append(f"{early} before the deadline the owner is reminded in the war room.")
    told = _titles(clock.tell, policy)
    said.append(f"When it passes, the miss is recorded for good{f' and told to {told}' if told else ''}.")
    if clock.every:
        said.append(f"After that the owner is chased every {write_span(clock.every)} until it is done.")
    return said


def _owner(clock: ClockRule, policy: Policy) -> str:
    return "Standfast itself" if clock.owner == STANDFAST else f"The {_titles((clock.owner,), policy)}"


def _titles(roles: tuple[str, ...], policy: Policy) -> str:
    return " and ".join(policy.roles[role].title if role in policy.roles else role for role in roles)


def _within(clock: ClockRule) -> str:
    if isinstance(clock.within, dict):
        return ", ".join(f"{write_span(span)} at {severity}" for severity, span in clock.within.items())
    return write_span(clock.within)


def _severities(policy: Policy, asks: Callable[[str], bool]) -> str:
    return ", ".join(severity for severity in policy.severities if asks(severity)) or "no severity"


def _scope(policy: Policy) -> list[str]:
    names = ", ".join(policy.alerts.environments)
    return [
        f"Alerts open incidents only in these environments: {names}.",
        "Others, and alerts in a planned maintenance window, open nothing, page nobody, and are kept as suppressed.",
    ]


def _security(policy: Policy) -> list[str]:
    return ["A security incident gets a private war room, and cannot end before the breach question is answered."]


def _joining(policy: Policy) -> list[str]:
    groups = " and ".join(policy.alerts.grouping)
    verb = "joins it" if policy.alerts.join == "join" else "is linked to it"
    return [f"Alerts are grouped by {groups}; a new alert of a group whose incident is open {verb}."]


def _recovery(policy: Policy) -> list[str]:
    later = "the incident resolves" if policy.alerts.recovery == "resolve" else "the commander is asked"
    return [
        "When every alert recovers before anybody acknowledges, the incident closes and its page is cancelled; "
        f"after an acknowledgement {later}.",
        f"{policy.alerts.flaps} firings in {write_span(policy.alerts.flap_window)} are flapping: recoveries then wait.",
    ]


def _ladder(policy: Policy) -> list[str]:
    return [f"The levels, in turn: {', '.join(policy.ladder)}; the last one again and again, until somebody answers."]


def _matrix(policy: Policy) -> list[str]:
    last = list(policy.severities)[-1]
    rows = [f"{row.propose}: {row.because}." for row in policy.matrix]
    return ["The first row that fits proposes the severity:", *rows, f"{last}: no row of the matrix fits."]


def _room(policy: Policy) -> list[str]:
    asks = _severities(policy, lambda severity: policy.severities[severity].war_room)
    return [
        f"A war room named {policy.room.name} opens when {asks} is declared, within {write_span(policy.grace)}.",
        f"It is archived {write_span(policy.room.archive_after)} after the incident closes.",
    ]


def _manager(policy: Policy) -> list[str]:
    at_once = _severities(policy, lambda severity: policy.severities[severity].manager == "at_once")
    later = _severities(policy, lambda severity: policy.severities[severity].manager == "after_clock")
    return [f"The engineering manager is brought in at once for {at_once}, and after this clock for {later}."]


def _miss(policy: Policy) -> list[str]:
    if policy.updates.on_miss == "holding":
        return ["A missed status page update posts the pre-approved holding statement by itself."]
    return ["A missed status page update is chased until a person approves one; nothing is posted by itself."]


def _mail(policy: Policy) -> list[str]:
    asks = _severities(policy, lambda severity: policy.severities[severity].mail)
    return [f"At {asks} the e-mail to the service's enterprise accounts is drafted; it is sent once, when approved."]


def _reopening(policy: Policy) -> list[str]:
    window = write_span(policy.alerts.reopen_window)
    if policy.alerts.recurrence == "reopen":
        return [f"An alert that fires again within {window} of the resolution reopens the incident."]
    return [
        f"An alert that fires again within {window} of the resolution is told to the incident; a person reopens it."
    ]


def _rights(act: str) -> Callable[[Policy], list[str]]:
    def say(policy: Policy) -> list[str]:
        allowed = policy.may.get(act, ("anyone",))
        if "anyone" in allowed:
            return [f"Anyone may {act.replace('_', ' ')}."]
        vacant = "; anyone, while nobody holds the role" if "anyone_if_vacant" in allowed else ""
        roles = tuple(role for role in allowed if role != "anyone_if_vacant")
        return [f"Only the {_titles(roles, policy).replace(' and ', ' or ')} may {act.replace('_', ' ')}{vacant}."]

    return say


MORE: dict[str, Callable[[Policy], list[str]]] = {
    "SCP-2": _scope,
    "SCP-3": _security,
    "DET-4": _joining,
    "DET-5": _recovery,
    "ACK-2": _ladder,
    "TRI-3": lambda policy: [*_matrix(policy), *_rights("declare")(policy)],
    "TRI-4": lambda policy: ["Past it the incident is treated as the matrix proposes; lower takes a second person."],
    "WAR-1": _room,
    "WAR-5": _manager,
    "COM-3": _rights("approve_update"),
    "COM-4": _miss,
    "COM-5": lambda policy: [*_mail(policy), *_rights("approve_mail")(policy)],
    "FIX-1": _rights("record_change"),
    "FIX-2": _rights("authorise_change"),
    "RES-1": _rights("resolve"),
    "RES-3": _reopening,
    "PM-3": _rights("complete_postmortem"),
    "GDP-1": _rights("answer_breach"),
    "GDP-2": _rights("record_notification"),
}
"""What a clause means beyond its clock."""
