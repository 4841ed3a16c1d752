"""`standfast audit leavers`: who left the company and is still named in what is recorded, or has something to do."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from rich.text import Text

from client.restoring import recorded
from config.company import Company
from config.company import Settings as CompanySettings
from console.code import CHECK_FAILED
from console.database import every_incident, opened
from console.screen import show, show_json
from console.session import AsJson, finish
from domain.company.policy_retention import ErasureRule
from domain.incident.incident import Incident
from domain.run import read as fold
from domain.value.model import Model, said_count, spoken
from records.store import Records


class Leaver(Model):
    """Somebody who is recorded and not in the catalog."""

    last_known: datetime
    due: bool
    """Whether they may be named no longer where nothing holds an incident."""
    held: dict[str, str]
    """The incidents in which they stay named, each with the reason."""
    has: dict[str, tuple[str, ...]]
    """The roles and action items that are theirs still, by incident."""


def leavers(as_json: AsJson = False) -> None:
    """Say who left the company and may be named no longer, or still has a role or an item; ends with 1 if anybody."""
    finish(_leavers(as_json=as_json))


async def _leavers(*, as_json: bool) -> int:
    company = Company(CompanySettings())
    async with opened() as records:
        known = await records.last_known()
        left = {one: known[one] for one in sorted(known.keys() - company.catalog.people.keys())}
        has = await _owned(records, left) if left else {}
    rule, now = company.policy.erasure, datetime.now(UTC)
    found = {one: _leaver(rule, incidents, has.get(one, {}), now) for one, incidents in left.items()}
    if as_json:
        show_json({one: leaver.model_dump(mode="json") for one, leaver in found.items()})
    else:
        show(*_lines(found, rule))
    return CHECK_FAILED if any(one.due or one.has for one in found.values()) else 0


def _leaver(
    rule: ErasureRule, incidents: Mapping[str, datetime], has: dict[str, tuple[str, ...]], now: datetime
) -> Leaver:
    last = max(incidents.values())
    held = {incident: why for incident, why in rule.held.items() if incident in incidents}
    late = rule.leavers_after is not None and last + rule.leavers_after <= now
    return Leaver(last_known=last, due=late and held.keys() < incidents.keys(), held=held, has=has)


async def _owned(records: Records, people: Collection[str]) -> dict[str, dict[str, tuple[str, ...]]]:
    """What is still theirs in each incident that is not over, by person."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    async for row in every_incident(records, open_only=True):
        incident = fold.read(await recorded(records, row.id), excusing=True)
        for person in people:
            if theirs := _theirs(incident, person):
                found.setdefault(person, {})[row.id] = theirs
    return found


def _theirs(incident: Incident, person: str) -> tuple[str, ...]:
    roles = [role for role, holder in incident.holders.items() if holder == person]
    return (*roles, *(item.key for item in incident.items.values() if (item.owner, item.state) == (person, "open")))


def _lines(found: Mapping[str, Leaver], rule: ErasureRule) -> list[Text]:
    """Each leaver's lines, with the command that hands on what they have, and the one that erases who is due."""
    if not found:
        return [Text("Nobody is recorded who is not in the catalog.")]
    span = rule.leavers_after
    kept = f"{spoken(span)} after the last incident that knew them" if span else "until they ask for it"
    lines = [Text(f"{said_count(len(found), 'leaver')}; they are named {kept}.", "bold")]
    for one, leaver in found.items():
        said = f"{one}: last known on {leaver.last_known:%d %b %Y}{', due' if leaver.due else ''}"
        lines.append(Text(said, "yellow" if leaver.due or leaver.has else ""))
        lines += [Text(f"  stays named in {incident}: {why}") for incident, why in leaver.held.items()]
        for incident, theirs in leaver.has.items():
            lines.append(Text(f"  still has {', '.join(theirs)} in {incident}", "yellow"))
            lines.append(Text(f"  standfast adopt {incident} --without {one} --reason 'has left'"))
    second = " --seconded-by ANOTHER" if rule.seconded else ""
    erase = "--request retention --reason 'erasure.leavers_after' --by YOU"
    due = [one for one, leaver in found.items() if leaver.due]
    return [*lines, *(Text(f"standfast audit erase {one} {erase}{second}") for one in due)]
