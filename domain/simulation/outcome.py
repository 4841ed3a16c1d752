"""What came of a scenario, and where its file expected something else."""

from collections.abc import Iterable, Iterator

from domain.check import Finding
from domain.company.component_state import ComponentState
from domain.port.chat import Say
from domain.port.mailer import SendMail
from domain.port.pager import Page
from domain.port.status_page import PublishUpdate
from domain.procedure.figures import KEY_FIGURES
from domain.report.scorecard import WORDS, Verdict, scorecard
from domain.simulation.expectation import Expectation, ExpectedIncident, ExpectedMail
from domain.simulation.incident import SimulatedIncident
from domain.simulation.people import meant
from domain.simulation.simulation import Simulation

NOBODY = ("", "nobody", None)


def paged(ensemble: Simulation) -> tuple[str, ...]:
    """Everybody who was woken, in order, each time again; whom only the pager knows by its schedule or the level."""
    pages = ((one.duty, one.outcome) for one in ensemble.world.effects if isinstance(one.duty, Page))
    return tuple(name for page, came in pages for name in (came.people or (page.schedule or page.level,)))


def mistaken(expected: Expectation, ensemble: Simulation) -> list[Finding]:
    """Everything that came otherwise than expected."""
    found = [*_facts(expected, ensemble), *_of_one("expect", expected, ensemble, ensemble.plays[-1:])]
    for number, fate in expected.of.items():
        found += _of_one(f"expect.of.{number}", fate, ensemble, ensemble.plays[number - 1 :][:1])
    return found


def _facts(expected: Expectation, ensemble: Simulation) -> Iterator[Finding]:
    """What is expected of everything together."""
    found: dict[str, object] = {
        "incidents": len(ensemble.plays),
        "paged": paged(ensemble),
        "suppressed": sum(len(one.alerts) for one in ensemble.suppressed),
        "refused": tuple(one.act.kind for one in ensemble.refused),
        "reopened": sum(len(play.incident.reopenings) for play in ensemble.plays),
    }
    wanted = {name: getattr(expected, name) for name in found} | {"paged": _named(expected.paged, ensemble)}
    yield from _unlike("expect", wanted, found)
    asleep = [name for name in _named(expected.woken, ensemble) or () if name not in paged(ensemble)]
    if asleep:
        yield Finding("expect.woken", _words(paged(ensemble)), f"{_words(tuple(asleep))} among them")
    shown = _page(ensemble)
    for name, state in expected.components.items():
        if shown.get(name) != state:
            yield Finding(f"expect.components.{name}", shown.get(name, "none"), state)


def _of_one(
    path: str, expected: ExpectedIncident, ensemble: Simulation, plays: list[SimulatedIncident]
) -> Iterator[Finding]:
    """What is expected of one incident; all of it is mistaken where there is none."""
    incident = plays[0].incident if plays else None
    found: dict[str, object] = {
        "phase": incident.phase if incident else "",
        "severity": incident.severity if incident else "",
    }
    yield from _unlike(path, {name: getattr(expected, name) for name in found}, found)
    for role, word in expected.holders.items():
        holds = incident.holders.get(role, "") if incident else ""
        if holds != ("" if word in NOBODY else _who(word or "", ensemble)):
            yield Finding(f"{path}.holders.{role}", holds or "nobody", str(word or "nobody"))
    yield from _words_said(path, expected, ensemble, plays)
    yield from _sent(path, expected, ensemble, plays)
    yield from _verdicts(path, expected, scorecard(incident, ensemble.now) if incident else ())


def _unlike(path: str, wanted: dict[str, object], found: dict[str, object]) -> Iterator[Finding]:
    for name, value in found.items():
        if wanted[name] not in (None, value):
            yield Finding(f"{path}.{name}", _words(value), _words(wanted[name]))


def _words_said(
    path: str, expected: ExpectedIncident, ensemble: Simulation, plays: list[SimulatedIncident]
) -> Iterator[Finding]:
    said = [says for play in plays for says in _says(ensemble, play)]
    for words, word in expected.said:
        having = [says for says in said if _has(words, says.message.title, says.message.text)]
        if not having:
            yield Finding(f"{path}.said", "no such words", repr(words))
        elif word and _who(word, ensemble) not in {name for says in having for name in _hearers(says)}:
            heard = tuple(dict.fromkeys(name for says in having for name in _hearers(says)))
            yield Finding(f"{path}.said", f"{words!r} to {_words(heard)}", f"to {word}")
    for words in expected.unsaid:
        if any(_has(words, says.message.title, says.message.text) for says in said):
            yield Finding(f"{path}.unsaid", repr(words), "no such words")


def _sent(
    path: str, expected: ExpectedIncident, ensemble: Simulation, plays: list[SimulatedIncident]
) -> Iterator[Finding]:
    """The public posts and the mails, in their order."""
    if expected.posts is not None:
        posts = [post for play in plays for post in _posts(ensemble, play)]
        pairs = zip(posts, expected.posts, strict=False)
        fits = [post.status == state and _has(words, post.body) for post, (state, words) in pairs]
        if len(posts) != len(expected.posts) or not all(fits):
            wanted = tuple(f"{state}: {words}" if words else state for state, words in expected.posts)
            yield Finding(f"{path}.posts", _words(tuple(f"{p.status}: {p.body}" for p in posts)), _words(wanted))
    if expected.mails is not None:
        mails = [mail for play in plays for mail in _mails(ensemble, play)]
        fits = [_fits(mail, want) for mail, want in zip(mails, expected.mails, strict=False)]
        if len(mails) != len(expected.mails) or not all(fits):
            told = tuple(f"{mail.account.name}: {mail.subject}" for mail in mails)
            yield Finding(f"{path}.mails", _words(told), _words(tuple(str(want) for want in expected.mails)))


def _fits(mail: SendMail, want: ExpectedMail) -> bool:
    to, text = (mail.account.name, mail.account.email), (mail.subject, mail.body)
    return _has(want.to, *to) and _has(want.subject, mail.subject) and _has(want.text, *text)


def _verdicts(path: str, expected: ExpectedIncident, verdicts: Iterable[Verdict]) -> Iterator[Finding]:
    found = {one.clause: one for one in verdicts}
    for word, words in WORDS.items():
        for clause, count in getattr(expected, word).items():
            one = found.get(clause)
            if one is None or word not in _verdicts_said(one) or count not in (None, one.count):
                times = f", {one.count} of them" if one and count is not None else ""
                said = f"{clause} {one.spoken}{times}" if one else f"no verdict on {clause}"
                wanted = f"{clause} {words}" + (f", {count} of them" if count is not None else "")
                yield Finding(f"{path}.{word}", said, wanted)


def _verdicts_said(one: Verdict) -> tuple[str, ...]:
    """By which words a verdict is expected: what was done late has missed the target of its key figure (KPI-2)."""
    missed_too = one.verdict == "late" and one.clause in KEY_FIGURES
    return (one.verdict, "missed") if missed_too else (one.verdict,)


def _says(ensemble: Simulation, play: SimulatedIncident) -> list[Say]:
    return [one.duty for one in ensemble.world.effects if isinstance(one.duty, Say) and _is_of(one.duty, play)]


def _posts(ensemble: Simulation, play: SimulatedIncident | None = None) -> list[PublishUpdate]:
    done = [effect.duty for effect in ensemble.world.effects if isinstance(effect.duty, PublishUpdate)]
    return [duty for duty in done if play is None or _is_of(duty, play)]


def _page(ensemble: Simulation) -> dict[str, ComponentState]:
    """What the page shows of each component: what is another incident's stays as it stands."""
    shown: dict[str, ComponentState] = {}
    named: dict[str, set[str]] = {}
    for post in _posts(ensemble):
        end = post.status == "resolved"
        elsewhere = {name: shown.get(name) for one, names in named.items() if one != post.incident for name in names}
        left = post.left(elsewhere)
        shown |= {name: state for name, state in post.components.items() if name not in left}
        named[post.incident] = set() if end else set(post.components)
    return shown


def _mails(ensemble: Simulation, play: SimulatedIncident) -> list[SendMail]:
    return [one.duty for one in ensemble.world.effects if isinstance(one.duty, SendMail) and _is_of(one.duty, play)]


def _is_of(duty: Say | PublishUpdate | SendMail, play: SimulatedIncident) -> bool:
    return duty.incident == play.incident.id


def _hearers(says: Say) -> tuple[str, ...]:
    """Whom a message reaches by name."""
    return tuple(person.id for person in (*says.message.to, *([says.person] if says.person else [])))


def _has(words: str, *texts: str) -> bool:
    """Whether one of the texts has these words, whatever their case, spaces and stars."""
    return any(_plain(words) in _plain(text) for text in texts)


def _plain(text: str) -> str:
    return " ".join(text.replace("*", "").lower().split())


def _named(words: tuple[str, ...] | None, ensemble: Simulation) -> tuple[str, ...] | None:
    """The people whom these words mean."""
    if words is None:
        return None
    team = ensemble.catalog.teams[ensemble.catalog.services[ensemble.scenario.service].team]
    at = ensemble.scenario.starts_at
    return tuple(name for word in words for name in meant(word, team, ensemble.catalog, at) or (word,))


def _who(word: str, ensemble: Simulation) -> str:
    return next(iter(_named((word,), ensemble) or ()), word)


def _words(value: object) -> str:
    return ", ".join(map(str, value)) or "nobody" if isinstance(value, tuple) else str(value or "none")
