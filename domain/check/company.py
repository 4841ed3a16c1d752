"""A company that a policy promises more than it has: a page, a room, a mailer, people's ids, a default service."""

from collections.abc import Iterator

from domain.check.finding import Finding, Lint, listed, plays
from domain.company.catalog import Catalog
from domain.company.policy import Policy

ASKS = {"status_page": "status_page", "war_room": "room", "mail": "mailer"}
"""What a severity asks for, and the vendor's role that does it."""
EXAMPLES = {"slack": ", such as U012ABCDEF"}


def _vendors(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A severity that asks for what no vendor does."""
    for name, rule in policy.severities.items():
        for field, role in ASKS.items():
            wanted = getattr(rule, field) and (field != "mail" or catalog.accounts)
            if wanted and catalog.services and not plays(catalog, role):
                path = f"severities.{name}.{field}"
                yield Finding(path, "true, and nobody to do it", f"a vendor under vendors.{role}, or false")


def _silence(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """Reminders and misses that nobody could be told of."""
    telling = [clause for clause, clock in policy.clocks.items() if clock.remind or clock.every or clock.tell]
    if telling and catalog.services and not plays(catalog, "room"):
        expected = f"a room, or no `remind`, `every` and `tell` in {listed(telling)}: they would reach nobody"
        yield Finding("vendors.room", "'none'", expected)


def _people(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """Somebody the war room could not call."""
    rooms = {catalog.vendor("room", service) for service in catalog.services} or {catalog.vendors.get("room", "none")}
    for vendor in sorted(rooms):
        for name, person in catalog.people.items():
            if not person.knows(vendor):
                expected = f"the person's {vendor.title()} id{EXAMPLES.get(vendor, '')}"
                yield Finding(f"people.{name}.{vendor}", "nothing", expected)


def _paged(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """Somebody of the ladder whom the pager does not know."""
    for service in catalog.services.values():
        vendor, team = catalog.vendor("pager", service.name), catalog.teams[service.team]
        for title in dict.fromkeys(policy.ladder):
            level = team.levels.get(title)
            for name in level.everybody if level else ():
                if not catalog.people[name].knows(vendor):
                    expected = f"their name at the pager, because teams.{service.team}.levels.{title} pages them"
                    yield Finding(f"people.{name}.{vendor}", "nothing", expected)


def _roles(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """Candidates for a role that there is not."""
    for name, team in catalog.teams.items():
        for role in team.candidates:
            if role not in policy.roles:
                yield Finding(
                    f"teams.{name}.candidates.{role}", "no role of the policy", f"one of {listed(policy.roles)}"
                )


def _readers(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """Who is to read security incidents, and is nobody."""
    for name in policy.secrecy.people:
        if name not in catalog.people:
            yield Finding("secrecy.people", repr(name), "somebody of the catalog")
    for role in policy.secrecy.roles or ():
        if role not in policy.roles:
            yield Finding("secrecy.roles", repr(role), f"one of {listed(policy.roles)}")


def _services(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    default = policy.alerts.default_service
    if catalog.services and default not in catalog.services:
        expected = f"one of {listed(catalog.services)}, for alerts of services nobody knows"
        yield Finding("alerts.default_service", repr(default) if default else "nothing", expected, grave=True)
    for number, beat in enumerate(policy.alerts.heartbeats):
        if beat.service and beat.service not in catalog.services:
            where = f"alerts.heartbeats.{number}.service"
            yield Finding(where, repr(beat.service), f"one of {listed(catalog.services)}")
    for number, window in enumerate(catalog.maintenance):
        if window.service not in ("*", *catalog.services):
            yield Finding(f"maintenance.{number}.service", repr(window.service), "a service, or '*' for all")


def _dependencies(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A service that depends on what nobody knows."""
    for name, service in catalog.services.items():
        for other in service.depends_on:
            if other not in catalog.services:
                yield Finding(f"services.{name}.depends_on", repr(other), f"one of {listed(catalog.services)}")


COMPANY: tuple[Lint, ...] = (_vendors, _silence, _people, _paged, _roles, _readers, _services, _dependencies)
