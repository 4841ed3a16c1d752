"""Random policies and catalogs: most can be kept, some have a line taken out or bent."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from domain.company.policy import SeverityRule
from domain.procedure.sop import PROCEDURE

PEOPLE = ("ann", "bob", "cyd", "dee", "eve")
ZONES = ("UTC", "Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS = ("commander", "on_call", "comms", "manager")
OURS = ("ACK-2", "ACK-6", "WAR-5", "COM-7")
"""The clocks that the software owes."""
SPANS = {
    "ACK-1": (5, 45),
    "ACK-2": (8, 45),
    "ACK-5": (30, 60),
    "ACK-6": (30, 60),
    "TRI-4": (5, 60),
    "TRI-6": (5, 60),
    "WAR-3": (5, 30),
    "WAR-4": (10, 30),
    "WAR-8": (5, 60),
    "WAR-5": (10, 90),
    "COM-1": (5, 30),
    "COM-2": (10, 60),
    "COM-5": (10, 60),
    "COM-7": (10, 60),
    "COM-8": (1440, 14_000),
    "FIX-2": (5, 60),
    "RES-2": (60, 600),
    "SCP-3": (60, 600),
    "PM-1": (1300, 4000),
    "ACT-2": (1440, 14_000),
    "GDP-1": (240, 1300),
    "GDP-2": (1000, 4320),
}
"""Between which minutes each clock's time is drawn."""
RIGHTS = ("declare", "resolve", "record_change", "authorise_change", "approve_update", "complete_postmortem", "snooze")
ABSENCE = ("asker_alone", "asks_on", "relieved_passed", "leave_relieves", "leave_rests", "items_there", "own_slip")
DRAFTS = dict.fromkeys(("investigating", "identified", "monitoring", "resolved"), "{service} {summary}")


def minutes(low: int, high: int) -> st.SearchStrategy[timedelta]:
    return st.integers(low, high).map(lambda count: timedelta(minutes=count))


@st.composite
def hours(draw: st.DrawFn) -> dict[str, Any]:
    """Office hours somewhere, sometimes at night."""
    begins, length = draw(st.integers(0, 23)), draw(st.integers(4, 12))
    days = draw(st.lists(st.sampled_from(WEEK), min_size=3, max_size=7, unique=True))
    ends = f"{(begins + length) % 24:02}:00"
    return {"zone": draw(st.sampled_from(ZONES)), "days": days, "begins": f"{begins:02}:00", "ends": ends}


@st.composite
def severities(draw: st.DrawFn, manager: bool) -> dict[str, dict[str, Any]]:
    """One to five severities, from the worst on, which ask for this and that."""
    letters, first, count = draw(st.sampled_from(["P", "SEV"])), draw(st.integers(0, 1)), draw(st.integers(1, 5))
    made = {}
    for number in range(first, first + count):
        room = draw(st.booleans())
        flags = ("status_page", "post_mortem", "breach_check", "chased", "mail")
        rule: dict[str, Any] = {"title": "x", "war_room": room, **{flag: draw(st.booleans()) for flag in flags}}
        rule["manager"] = draw(st.sampled_from(["at_once", "after_clock", "no"])) if room and manager else "no"
        rule["impact"] = draw(st.sampled_from(["none", "minor", "major", "critical"]))
        made[f"{letters}{number}"] = rule
    return made


@st.composite
def roles(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """The four parts under any name, one of them perhaps played by nobody, and perhaps further roles."""
    starts = {"commander": "declarer", "on_call": "acknowledger", "comms": "nobody", "manager": "team_manager"}
    left_out = draw(st.sampled_from(["", "", "comms", "manager"]))
    made: dict[str, dict[str, Any]] = {}
    for part in (one for one in PARTS if one != left_out):
        name = part if draw(st.booleans()) else f"our-{part}"
        made[name] = {"title": name, "starts_with": starts[part], "chased": draw(st.booleans())}
        made[name] |= {} if name == part else {"plays": part}
    if draw(st.booleans()):
        made["scribe"] = {"title": "scribe", "chased": draw(st.booleans())}
    return made


@st.composite
def clock(draw: st.DrawFn, clause: str, policy: dict[str, Any]) -> dict[str, Any]:
    """One line: the same time for all or by severity, in some hours or all, reminded, chased and told or not."""
    names = [
        name
        for name, rule in policy["severities"].items()
        if PROCEDURE.promises[clause].asked_by.rule(SeverityRule(**rule))
    ]
    held = [name for name, rule in policy["roles"].items() if rule.get("starts_with", "nobody") != "nobody"]
    least, most = SPANS[clause]
    spans = {name: draw(minutes(least, most)) for name in names}
    by_severity = draw(st.booleans())
    shortest = min(spans.values()) if by_severity else next(iter(spans.values()))
    line: dict[str, Any] = {"within": spans if by_severity else shortest}
    line["owner"] = "standfast" if clause in OURS else draw(st.sampled_from(held))
    if policy["calendars"] and clause not in ("GDP-2", "WAR-4", "COM-2") and draw(st.booleans()):
        calendar = draw(st.sampled_from(sorted(policy["calendars"])))
        some = draw(st.lists(st.sampled_from(names), unique=True))
        line["hours"] = calendar if draw(st.booleans()) else dict.fromkeys(some, calendar)
    if clause not in OURS:
        parts = draw(st.lists(st.integers(1, 9), max_size=2, unique=True))
        line["remind"] = [shortest * part / 10 for part in parts]
        line["every"] = draw(st.sampled_from([None, max(shortest * 9 / 10, timedelta(minutes=5))]))
        line["tell"] = draw(st.lists(st.sampled_from(sorted(policy["roles"])), max_size=2, unique=True))
    return line


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    """A policy as YAML would say it."""
    people = draw(roles())
    made: dict[str, Any] = {"name": "random", "roles": people, "clocks": {}}
    made["severities"] = draw(severities(any("manager" in name for name in people)))
    names = list(made["severities"])
    if not any(rule["war_room"] for rule in made["severities"].values()):
        made["roles"] = {name: {**rule, "chased": False} for name, rule in people.items()}
    made["calendars"] = {f"hours{number}": draw(hours()) for number in range(draw(st.integers(0, 2)))}
    for clause in PROCEDURE.promises:
        rules = [SeverityRule(**rule) for rule in made["severities"].values()]
        if any(PROCEDURE.promises[clause].asked_by.rule(rule) for rule in rules):
            made["clocks"][clause] = draw(clock(clause, made))
    made["ladder"] = draw(st.lists(st.sampled_from(["first", "second", "third"]), min_size=1, max_size=4))
    made["matrix"] = [{"propose": draw(st.sampled_from(names)), "because": "x", "words": "x"}]
    anybody = st.sampled_from([["anyone"], *([name, "anyone_if_vacant"] for name in people)])
    made["may"] = {act: draw(anybody) for act in RIGHTS if draw(st.booleans())}
    made["alerts"] = {
        "default_service": "shop",
        "recovery": draw(st.sampled_from(["tell", "resolve"])),
        "bypass_lasts": True,
        "recurrence": draw(st.sampled_from(["reopen", "tell"])),
        "reopen_window": draw(minutes(1, 600)),
    }
    made["updates"] = {"on_miss": draw(st.sampled_from(["nag", "holding"])), "templates": DRAFTS, "drafts": DRAFTS}
    made["updates"]["account"] = {"of_last_end": True, "holds_open": draw(st.booleans())}
    made["retry"] = {"first": draw(minutes(1, 5)), "longest": draw(minutes(5, 30)), "final": draw(minutes(5, 60))}
    made["retry"]["waking"], made["snooze"] = draw(minutes(1, 5)), {"ends_at_handover": True}
    made["learn"] = {"meet_after": draw(minutes(0, 1200)), "hours": draw(st.sampled_from([None, *made["calendars"]]))}
    made["learn"] |= {"done_heard": draw(st.booleans()), "judged_again": True, **LEARN}
    made["updates"] |= {"keeps_name": True, "names_both": draw(st.booleans()), "by_last_words": draw(st.booleans())}
    made["absence"] = dict.fromkeys(ABSENCE, True) | {"offer_again": draw(minutes(1, 10))}
    made |= {
        "asks": {"pages_every": "1m", "rests": draw(st.booleans())},
        "mail": {"reaches_all": True, "refused_for": "2h", "with_update": draw(st.booleans())},
    }
    made |= {"grace": draw(minutes(1, 10)), "item_due": draw(minutes(600, 20_000))}
    waivable = [one for one in made["clocks"] if one not in ("ACK-1", "SCP-3")]
    made["waivable"] = draw(st.lists(st.sampled_from(waivable), max_size=3, unique=True))
    return bent(draw, made)


LEARN = dict.fromkeys(
    ("declined_once", "one_checkpoint", "invites_with_document", "meets_in_zones", "part_by_whole", "veils_document"),
    True,
)


def bent(draw: st.DrawFn, policy: dict[str, Any]) -> dict[str, Any]:
    """The policy as it is, or with a line taken out, or with a severity forgotten in one."""
    how = draw(st.sampled_from(["", "", "", "", "take out", "forget"]))
    clause = draw(st.sampled_from(sorted(policy["clocks"])))
    within = policy["clocks"][clause]["within"]
    if how == "take out":
        del policy["clocks"][clause]
    elif how == "forget" and isinstance(within, dict):
        del within[draw(st.sampled_from(sorted(within)))]
    return policy


@st.composite
def catalogs(draw: st.DrawFn) -> dict[str, Any]:
    """A company of five, whose levels are people, shifts or a schedule."""
    vendors = {"pager": "pagerduty", "room": "slack", "status_page": "statuspage", "tracker": "jira", "mailer": "smtp"}
    vendors["notebook"] = draw(st.sampled_from(["none", "notion"]))
    vendors["mailer"] = draw(st.sampled_from(["none", "smtp"]))
    levels = {name: draw(level()) for name in ("first", "second", "third")}
    team = {"name": "All", "manager": draw(st.sampled_from(PEOPLE)), "levels": levels}
    team["comms"] = draw(st.lists(st.sampled_from(PEOPLE), max_size=1))
    people = {name: {"name": name.title(), "email": f"{name}@x.example", "slack": f"U{name}"} for name in PEOPLE}
    return {
        "company": "random",
        "vendors": vendors,
        "people": {name: {**said, "pagerduty": f"P{name}", **draw(leave())} for name, said in people.items()},
        "teams": {"all": team},
        "services": {"shop": {"title": "Shop", "team": "all", "tier": 1, "pagerduty": "PSHOP"}},
        "accounts": [{"name": "A", "email": "a@x.example", "services": ["shop"]}]
        if vendors["mailer"] == "smtp"
        else [],
    }


def leave() -> st.SearchStrategy[dict[str, Any]]:
    """When somebody is on leave: never for most, for a while around the evening of the tale for some."""
    moments = st.datetimes(datetime(2026, 3, 27, 14), datetime(2026, 3, 28), timezones=st.just(UTC))
    spans = st.tuples(moments, st.timedeltas(timedelta(minutes=1), timedelta(days=2)))
    return st.one_of(st.just({}), st.just({}), spans.map(lambda span: {"away": [span[0], span[0] + span[1]]}))


@st.composite
def level(draw: st.DrawFn) -> dict[str, Any]:
    """Who is paged at one level."""
    some = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True)
    match draw(st.sampled_from(["people", "shifts", "schedule"])):
        case "people":
            return {"people": draw(some)}
        case "shifts":
            return {"people": draw(some), "shifts": [{**draw(hours()), "people": draw(some)}]}
    return {"schedule": "S1"}
