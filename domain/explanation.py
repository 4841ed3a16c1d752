"""Says in plain words what a clause of the policy will do: what will happen when, and for whom."""

from collections.abc import Callable

from domain.catalog import Catalog
from domain.lint import STARTS
from domain.policy import Policy
from domain.sentence import about_clock, counted_words, on_call, part, titles
from domain.shape import write_span
from domain.sop import CLAUSES


def explain(clause: str, policy: Policy, catalog: Catalog | None = None) -> list[str] | None:
    """The sentences, with the company's people where they are known; None for what is no clause."""
    said = [*about_clock(clause, policy)] if clause in policy.clocks else []
    more = MORE.get(clause)
    said += more(policy) if more else []
    if clause in ("ACK-1", "ACK-2") and catalog:
        said += on_call(policy, catalog)
    if clause in STARTS and clause not in policy.clocks:
        said.append(f"This policy has no clock {clause}: nobody is held to a time. {_needed(clause)}")
    return said or ([f"The same under every policy: {CLAUSES[clause]}"] if clause in CLAUSES else None)


def _needed(clause: str) -> str:
    asks = STARTS[clause][1]
    return f"One would start with {asks}." if asks.startswith("a severity") else f"One could: {asks}."


def explained(policy: Policy) -> list[str]:
    """The clauses that can be explained."""
    return sorted({*policy.clocks, *CLAUSES})


def _severities(policy: Policy, asks: Callable[[str], bool]) -> str:
    return ", ".join(severity for severity in policy.severities if asks(severity))


def _scope(policy: Policy) -> list[str]:
    names, kept = ", ".join(policy.alerts.environments), ", ".join(policy.alerts.not_production)
    return [
        f"Alerts of these environments open nothing, page nobody, and are kept as suppressed: {kept or 'none'}.",
        "So are alerts in a planned maintenance window.",
        f"Production by name: {names}. A word that stands in neither list opens an incident, which says so.",
    ]


def _security(policy: Policy) -> list[str]:
    return ["A security incident gets a private war room, and cannot end before the breach question is answered."]


def _joining(policy: Policy) -> list[str]:
    groups = " and ".join(policy.alerts.grouping)
    verb = "joins it" if policy.alerts.join == "join" else "is linked to it"
    return [f"Alerts are grouped by {groups}; a new alert of a group whose incident is open {verb}."]


def _recovery(policy: Policy) -> list[str]:
    asked = f"the {part('commander', policy)} is asked whether it is over"
    later = "the incident resolves by itself" if policy.alerts.recovery == "resolve" else asked
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
    when = f"when {asks} is declared" if asks else "for a security incident alone"
    where = [] if asks else ["At every severity people talk in the thread under the headline in #incidents."]
    return [
        f"A war room named {policy.room.name} opens {when}, within {write_span(policy.grace)}.",
        *where,
        f"It is archived {write_span(policy.room.archive_after)} after the incident closes.",
    ]


def _manager(policy: Policy) -> list[str]:
    at_once = _severities(policy, lambda severity: policy.severities[severity].manager == "at_once")
    later = _severities(policy, lambda severity: policy.severities[severity].manager == "after_clock")
    when = [f"at once for {at_once}"] if at_once else []
    when += [f"after this clock for {later}"] if later else []
    if not when:
        return ["At no severity a manager is brought in."]
    return [f"The {part('manager', policy)} is brought in {', and '.join(when)}."]


def _customers(say: Callable[[Policy], list[str]]) -> Callable[[Policy], list[str]]:
    """What is said of the status page, where a severity asks for one."""
    return lambda policy: (
        say(policy)
        if any(rule.status_page for rule in policy.severities.values())
        else ["No severity of this policy asks for a status page, so nothing is published and nothing is due."]
    )


def _miss(policy: Policy) -> list[str]:
    if policy.updates.on_miss == "holding":
        return ["A missed status page update posts the pre-approved holding statement by itself."]
    return ["A missed status page update is chased until a person approves one; nothing is posted by itself."]


def _mail(policy: Policy) -> list[str]:
    asks = _severities(policy, lambda severity: policy.severities[severity].mail)
    if not asks:
        return ["No severity of this policy asks for an e-mail to customers."]
    return [
        f"At {asks} the e-mail to the service's enterprise accounts is drafted; it is sent once, when approved.",
        *_rights("approve_mail")(policy),
    ]


def _roles(policy: Policy) -> list[str]:
    chased = [rule.title for rule in policy.roles.values() if rule.chased]
    said = [f"Chased while nobody holds them: {', '.join(chased)}."] if chased else []
    titles = ", ".join(rule.title for rule in policy.roles.values())
    return [*said, f"The roles: {titles}; each has one holder at a time."]


def _silence(policy: Policy) -> list[str]:
    asks = _severities(policy, lambda severity: policy.severities[severity].chased)
    return [f"This is asked at {asks}."] if asks else []


def _causes(policy: Policy) -> list[str]:
    span = write_span(policy.learn.repeat_within)
    return [f"The same root cause within {span} is said at once in the new incident, and counted."]


def _items(policy: Policy) -> list[str]:
    clock = policy.clocks.get("ACT-2")
    due = counted_words(policy.item_due, clock.calendar(None) if clock else None, policy)
    return [f"Each action item becomes an issue in the tracker, with an owner and due {due} after its opening at most."]


def _target(clause: str) -> Callable[[Policy], list[str]]:
    def say(policy: Policy) -> list[str]:
        target = policy.targets.get(clause)
        if target is None:
            return [f"This policy sets no target {clause}; the figure is not shown."]
        named = not target.severities or any(severity in target.title for severity in target.severities)
        at = "" if named else f" at {', '.join(target.severities)}"
        return [f"The {target.title}{at} should be {target.says}."]

    return say


def _reopening(policy: Policy) -> list[str]:
    window = write_span(policy.alerts.reopen_window)
    if policy.alerts.recurrence == "reopen":
        return [f"An alert that fires again within {window} of the resolution reopens the incident."]
    return [
        f"An alert that fires again within {window} of the resolution is told to the incident; a person reopens it."
    ]


DEEDS = {
    "declare": "declare the severity",
    "resolve": "declare the resolution",
    "record_change": "record a change",
    "authorise_change": "authorise a change that bypasses the normal deployment",
    "approve_update": "approve an update",
    "approve_mail": "approve the e-mail",
    "complete_postmortem": "complete the post-mortem",
    "answer_breach": "answer whether personal data was breached",
    "record_notification": "record the notification",
}
"""What people may do, in words."""


def _rights(act: str) -> Callable[[Policy], list[str]]:
    def say(policy: Policy) -> list[str]:
        allowed = policy.may.get(act, ("anyone",))
        if "anyone" in allowed:
            return [f"Anyone may {DEEDS[act]}."]
        vacant = "; anyone, while nobody holds the role" if "anyone_if_vacant" in allowed else ""
        roles = tuple(role for role in allowed if role != "anyone_if_vacant")
        return [f"Only the {titles(roles, policy, 'or')} may {DEEDS[act]}{vacant}."]

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
    "WAR-3": _roles,
    "WAR-5": _manager,
    "ACK-5": _silence,
    "COM-3": _customers(_rights("approve_update")),
    "COM-4": _customers(_miss),
    "COM-5": _mail,
    "COM-6": _customers(lambda policy: ["The final update carries the summary of the resolution."]),
    "ACT-1": _items,
    "REP-1": _causes,
    "FIX-1": _rights("record_change"),
    "FIX-2": _rights("authorise_change"),
    "RES-1": _rights("resolve"),
    "RES-3": _reopening,
    "PM-3": _rights("complete_postmortem"),
    "GDP-1": _rights("answer_breach"),
    "GDP-2": _rights("record_notification"),
    **{f"KPI-{number}": _target(f"KPI-{number}") for number in range(1, 7)},
}
"""What a clause means beyond its clock."""
