"""What TAB offers beside the names of commands. Who presses it waits for no models: files are read as they stand."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import typer

from config.place import catalog_file, policy_file

PATIENCE = timedelta(seconds=1)
"""How long the engine is waited for; who presses TAB waits for no more."""
Offer = tuple[str, str]
"""What is offered, and what is said of it."""


def people(incomplete: str) -> list[Offer]:
    """Whose id begins so; nobody where the catalog cannot be read."""
    found = table_of(catalog_file(), "people")
    return _begun(((id, one.get("name", "")) for id, one in found if not one.get("left")), incomplete)


def services(incomplete: str) -> list[Offer]:
    """The services of the catalog that begin so."""
    return _begun(((id, one.get("title", "")) for id, one in table_of(catalog_file(), "services")), incomplete)


def called() -> dict[str, str]:
    """What people call each person, by their first name where it is one's alone, and each service of the catalog."""
    from domain.value.short_name import short_names

    people = {id: str(one.get("name") or id) for id, one in table_of(catalog_file(), "people")}
    return short_names(people) | {id: str(one.get("title") or id) for id, one in table_of(catalog_file(), "services")}


def teams(incomplete: str) -> list[Offer]:
    """The teams of the catalog that begin so."""
    return _begun(((id, one.get("name", "")) for id, one in table_of(catalog_file(), "teams")), incomplete)


def severities(incomplete: str) -> list[Offer]:
    """The severities of the policy that begin so, in either case."""
    found = table_of(policy_file(), "severities")
    return _as_typed(((name, one.get("title", "")) for name, one in found), incomplete)


def roles(incomplete: str) -> list[Offer]:
    """The roles of the policy that begin so."""
    return _begun(((name, one.get("title", "")) for name, one in table_of(policy_file(), "roles")), incomplete)


def clauses(incomplete: str) -> list[Offer]:
    """The clauses of the SOP that begin so, in either case."""
    from console.listing import remembered

    return _as_typed(remembered().clauses.items(), incomplete)


def waivable(incomplete: str) -> list[Offer]:
    """Those of them that the policy lets be waived."""
    named = read(policy_file()).get("waivable")
    allowed = {str(one).casefold() for one in named} if isinstance(named, list) else set()
    return [(word, said) for word, said in clauses(incomplete) if word.casefold() in allowed]


def incidents(context: typer.Context, incomplete: str) -> list[Offer]:
    """The open incidents whose id begins so, as it is typed; none where the engine does not answer."""
    try:
        listed = asyncio.run(_open(context.find_root().obj))
    except Exception:
        return []
    return _ids(listed, incomplete)


def linked(context: typer.Context, incomplete: str) -> list[Offer]:
    """The incidents to which the one named before is linked, as they are typed; none where its worker is away."""
    from domain.value.incident_id import spelled

    try:
        listed = asyncio.run(_linked(context.find_root().obj, spelled(str(context.params.get("incident") or ""))))
    except Exception:
        return []
    return _ids(listed, incomplete)


OFFERS: dict[str, Callable[..., list[Offer]]] = {
    one.__name__: one for one in (people, services, teams, severities, roles, clauses, waivable, incidents, linked)
}
"""What is offered for an argument or an option, by the name under which an outline remembers it."""


async def _open(opener: Any) -> list[Offer]:
    """The open incidents with a word on each; `opener` is what a test brings instead of the engine."""
    if opener is None:
        from client.glance import open_incidents

        return [(one.id, f"{one.severity} {one.service}") for one in await open_incidents(PATIENCE)]
    from client.port import OPEN

    async with opener() as link:
        return [(one.id, f"{one.severity} {one.service}") for one in await link.list_incidents(OPEN)]


async def _linked(opener: Any, incident: str) -> list[Offer]:
    """The links of one incident with their titles; `opener` as for the open ones."""
    if opener is None:
        from client.glance import linked_to

        return [*await linked_to(incident, PATIENCE)]
    async with opener() as link:
        return [*(await link.view(incident)).links.items()]


def table_of(file: Path, name: str) -> list[tuple[str, dict[str, Any]]]:
    """One table of a file as it stands there; nothing where it cannot be read."""
    with suppress(AttributeError):
        return [(str(key), one) for key, one in read(file).get(name, {}).items() if isinstance(one, dict)]
    return []


def read(file: Path) -> dict[str, Any]:
    """A file as it stands there; nothing where it cannot be read."""
    import yaml

    with suppress(OSError, ValueError, yaml.YAMLError):
        found = yaml.load(file.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 safe
        return found if isinstance(found, dict) else {}
    return {}


def _begun(found: Iterable[Offer], incomplete: str) -> list[Offer]:
    return [(word, said) for word, said in found if word.startswith(incomplete)]


def _ids(listed: Iterable[Offer], incomplete: str) -> list[Offer]:
    """Ids with `INC-` or without, as the first of one is typed."""
    prefixed = "INC-".startswith(incomplete.upper()[:4])
    return _as_typed(((id if prefixed else id[4:], said) for id, said in listed), incomplete)


def _as_typed(found: Iterable[Offer], incomplete: str) -> list[Offer]:
    """What begins so in either case, written as it is typed: a shell takes nothing else for it."""
    begun = _begun(found, incomplete.upper())
    small = incomplete.islower()
    return [(word.lower() if small else incomplete + word[len(incomplete) :], said) for word, said in begun]
