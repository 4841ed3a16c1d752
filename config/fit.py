"""Whether a policy and a catalog fit each other and the vendors there are: what `standfast policy check` says."""

import re

from domain.check import Finding, lint
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from vendors.directory import DIRECTORY


def examine(policy: Policy, catalog: Catalog) -> list[Finding]:
    """Everything that was found, each thing once."""
    return list(dict.fromkeys([*lint(policy, catalog), *strangers(catalog), *malformed(catalog)]))


def strangers(catalog: Catalog) -> list[Finding]:
    """Vendors that nobody knows, or that cannot play the role they are given."""
    findings = []
    chosen = {f"vendors.{role}": (role, name) for role, name in catalog.vendors.items()}
    for service in catalog.services.values():
        chosen |= {f"services.{service.name}.vendors.{role}": (role, name) for role, name in service.vendors.items()}
    for path, (role, name) in chosen.items():
        players = [vendor.name for vendor in DIRECTORY.values() if role in vendor.roles]
        if name not in (*players, "none"):
            findings.append(Finding(path, repr(name), f"one of {', '.join([*players, 'none'])}", grave=True))
    return findings


def malformed(catalog: Catalog) -> list[Finding]:
    """Names at a vendor that are none of its ids."""
    return [
        Finding(f"people.{person.id}.{name}", repr(word), f"an id as {name} writes it, such as {vendor.person[1]}")
        for person in catalog.people.values()
        for name, word in person.ids.items()
        if word and (vendor := DIRECTORY.get(name)) and vendor.person and not re.fullmatch(vendor.person[0], word)
    ]
