"""What came of a scenario, and where its file expected something else."""

from collections.abc import Iterator

from domain.check import Finding
from domain.company.catalog import Team
from domain.port.pager import Page
from domain.report.scorecard import Verdict, scorecard
from domain.simulation.cast import meant
from domain.simulation.ensemble import Ensemble
from domain.simulation.expectation import Expectation

VERDICTS = ("met", "late", "missed", "open", "waived", "not_applicable")


def paged(ensemble: Ensemble) -> tuple[str, ...]:
    """Everybody who was woken, in order, each time again; a schedule by its name."""
    pages = [effect.duty for effect in ensemble.world.effects if isinstance(effect.duty, Page)]
    return tuple(name for page in pages for name in ([one.id for one in page.people] or [page.schedule or page.level]))


def verdicts(ensemble: Ensemble) -> tuple[Verdict, ...]:
    """What the last incident says of every clause; nothing when none was opened."""
    return scorecard(ensemble.plays[-1].incident, ensemble.now) if ensemble.plays else ()


def mistaken(expected: Expectation, ensemble: Ensemble) -> list[Finding]:
    """Everything that came otherwise than expected."""
    return [*_facts(expected, ensemble), *_verdicts(expected, ensemble)]


def _facts(expected: Expectation, ensemble: Ensemble) -> Iterator[Finding]:
    last = ensemble.plays[-1].incident if ensemble.plays else None
    team = ensemble.catalog.teams[ensemble.catalog.services[ensemble.scenario.service].team]
    wanted = expected.model_copy(update={"paged": _named(expected.paged, team, ensemble)})
    found = {
        "incidents": len(ensemble.plays),
        "phase": last.phase if last else "",
        "severity": last.severity if last else "",
        "paged": paged(ensemble),
        "suppressed": sum(len(one.alerts) for one in ensemble.suppressed),
        "refused": tuple(one.act.kind for one in ensemble.refused),
        "reopened": sum(len(play.incident.reopenings) for play in ensemble.plays),
    }
    for name, value in found.items():
        if getattr(wanted, name) not in (None, value):
            yield Finding(f"expect.{name}", _words(value), _words(getattr(wanted, name)))


def _named(words: tuple[str, ...] | None, team: Team, ensemble: Ensemble) -> tuple[str, ...] | None:
    if words is None:
        return None
    at = ensemble.scenario.starts_at
    return tuple(name for word in words for name in meant(word, team, ensemble.catalog, at) or (word,))


def _words(value: object) -> str:
    return ", ".join(map(str, value)) or "nobody" if isinstance(value, tuple) else str(value or "none")


def _verdicts(expected: Expectation, ensemble: Ensemble) -> Iterator[Finding]:
    found = {one.clause: one for one in verdicts(ensemble)}
    for word in VERDICTS:
        for clause in getattr(expected, word):
            one = found.get(clause)
            if one is None or one.verdict != word:
                said = f"{clause} {one.says}" if one else f"no verdict on {clause}"
                yield Finding(f"expect.{word}", said, f"{clause} {word.replace('_', ' ')}")
