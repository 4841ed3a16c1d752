"""What a vendor would leave out of the first incident, or refuse in it, asked for beforehand; nothing is changed."""

from collections.abc import Container, Iterator

from domain.company.catalog import Catalog
from domain.company.person import Person
from domain.value.model import Model

NAMED = 5
"""How many are named at once."""


class Lack(Model):
    """One thing that the first incident would miss, and what to do about it now."""

    said: str
    do: str
    fails: bool = False
    """Whether the effect itself fails; else it happens without this part."""


def absent_components(catalog: Catalog, vendor: str, known: Container[str]) -> Iterator[Lack]:
    """The components of services that the page does not have: updates would leave without them."""
    for service in catalog.services.values():
        gone = [one for one in service.components if one not in known]
        if gone and catalog.vendor("status_page", service.name) == vendor:
            said = f"updates of {service.name} would leave without the component {', '.join(gone)}: the page has none"
            yield Lack(said=said, do=f"correct `components` of {service.name} in the catalog")


def colleagues(catalog: Catalog) -> list[Person]:
    """Who is of the company still."""
    return [person for person in catalog.people.values() if not person.left]


def listed(names: list[str]) -> str:
    """Some names, and how many more."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
