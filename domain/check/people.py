"""Roles that nobody holds, rights that nobody has, a ladder of pages that ends."""

from collections.abc import Iterator

from domain.check.finding import Finding, Lint, listed, plays
from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.incident.entry import STANDFAST
from domain.procedure.sop import PROCEDURE
from domain.value.act import WAYS, Act

ANYBODY = ("anyone", "anyone_if_vacant")


def is_holdable(policy: Policy, role: str) -> bool:
    """Whether somebody can come to hold a role: by itself, or by taking it."""
    rule = policy.roles.get(role)
    if rule is None:
        return False
    takers = policy.may.get("take_role", ("anyone",))
    return rule.starts_with != "nobody" or any(
        one in ANYBODY or (one != role and one in policy.roles) for one in takers
    )


def _owners(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """An owner nobody holds."""
    for clause, clock in policy.clocks.items():
        rule, path = policy.roles.get(clock.owner), f"clocks.{clause}.owner"
        if clock.owner == STANDFAST:
            continue
        if rule is None:
            yield Finding(path, repr(clock.owner), f"one of {listed([*policy.roles, STANDFAST])}")
        elif rule.starts_with == "nobody" and not rule.chased and not _has_candidates(catalog, clock.owner):
            expected = f"`starts_with` or `chased: true` in roles.{clock.owner}, so that somebody comes to hold it"
            yield Finding(path, f"{clock.owner!r}, a role nobody holds", expected)


def _has_candidates(catalog: Catalog, role: str) -> bool:
    """Whether every team names people who are told while nobody holds the role."""
    return bool(catalog.teams) and all(team.candidates.get(role) for team in catalog.teams.values())


def _chased(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A role that is to be chased where nothing chases it: that is WAR-3's part, in a war room."""
    rooms = any(rule.war_room for rule in policy.severities.values())
    for name, rule in policy.roles.items():
        if rule.chased and rule.starts_with == "nobody" and not rooms:
            yield Finding(
                f"roles.{name}.chased", "true, and nothing chases it", "a severity with `war_room: true` (WAR-3)"
            )


def _tells(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A reminder or a miss that is told to a role nobody knows."""
    for clause, clock in policy.clocks.items():
        for field, roles in (("warn", clock.warn), ("tell", clock.tell)):
            for role in roles:
                if role not in policy.roles:
                    yield Finding(f"clocks.{clause}.{field}", repr(role), f"one of {listed(policy.roles)}")


def _rights(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    for act, allowed in policy.may.items():
        if act not in Act.kinds:
            yield Finding(f"may.{act}", "no act of the procedure", f"one of {listed(sorted(Act.kinds))}")
        if not allowed:
            yield Finding(f"may.{act}", "nobody", f"one of {listed([*policy.roles, *ANYBODY])}")
        for role in allowed:
            if role not in (*policy.roles, *ANYBODY):
                yield Finding(f"may.{act}", repr(role), f"one of {listed([*policy.roles, *ANYBODY])}")


def _proofs(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """SOC-1: a proof of an act that does not exist, or by no way at all."""
    ways = (*WAYS, *sorted({vendor for vendor in catalog.vendors.values() if vendor not in (*WAYS, "none")}))
    for act, named in policy.proof.items():
        if act not in Act.kinds:
            yield Finding(f"proof.{act}", "no act of the procedure", f"one of {listed(sorted(Act.kinds))}")
        for way in named:
            if way not in ways:
                yield Finding(f"proof.{act}", repr(way), f"one of {listed(ways)}")


def _manager(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """WAR-5: a manager who is to be brought in, and who or where there is none."""
    for name, rule in policy.severities.items():
        if rule.manager == "no":
            continue
        path, found = f"severities.{name}.manager", rule.manager
        if not policy.role("manager"):
            yield Finding(path, found, "a role with `plays: manager`, or `manager: no`")
        elif not rule.war_room:
            yield Finding(path, found, f"`war_room: true` in severities.{name}: there the manager is brought in")


def _ladder(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A ladder of pages that ends: a level that a team lacks, that reaches nobody, or that nobody pages."""
    for name, team in catalog.teams.items():
        for level in dict.fromkeys(policy.ladder):
            path = f"teams.{name}.levels.{level}"
            if level not in team.levels:
                expected = "people or a schedule, because the policy's ladder pages this level"
                yield Finding(path, "nothing", expected, grave=True)
            elif not (team.levels[level].everybody or team.levels[level].schedule):
                yield Finding(path, "nobody", "people or a schedule")
    if catalog.services and not plays(catalog, "pager"):
        yield Finding("vendors.pager", "'none'", "a pager: nobody would ever be paged")


def _waivers(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """A waiver of what must never be skipped."""
    never = {clause.id: clause.never_waived for clause in PROCEDURE.clauses.values() if clause.never_waived}
    for clause in policy.waivable:
        if clause in never:
            yield Finding("waivable", repr(clause), f"another clause: {never[clause]}")
        elif clause not in policy.clocks:
            yield Finding(
                "waivable", repr(clause), f"one of {listed(one for one in policy.clocks if one not in never)}"
            )


def _stakeholders(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """Somebody who is to be told and whom nobody knows, or with nothing that could tell them."""
    rule = policy.stakeholders
    for person in rule.people:
        if person not in catalog.people:
            yield Finding("stakeholders.people", repr(person), f"one of {listed(catalog.people)}")
    for severity in rule.severities if rule.anybody else ():
        if severity not in policy.severities:
            yield Finding("stakeholders.severities", repr(severity), f"one of {listed(policy.severities)}")
    if rule.mail and not plays(catalog, "mailer"):
        yield Finding("stakeholders.mail", "addresses, and no mailer", "a mailer under vendors, or no addresses")
    if (rule.people or rule.rooms) and not plays(catalog, "room"):
        yield Finding("stakeholders", "people or rooms, and no room", "a room under vendors, or addresses only")


def _laws(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """GDP-2: a law whose reports nobody owes, or that is asked about at no severity of the policy."""
    for name, law in policy.legal.items():
        if not is_holdable(policy, law.owner):
            yield Finding(
                f"legal.{name}.owner", repr(law.owner), f"one of {listed(policy.roles)}, which somebody holds"
            )
        for severity in law.severities:
            if severity not in policy.severities:
                yield Finding(f"legal.{name}.severities", repr(severity), f"one of {listed(policy.severities)}")


PERSONS: tuple[Lint, ...] = (
    _laws,
    _stakeholders,
    _owners,
    _chased,
    _tells,
    _rights,
    _proofs,
    _manager,
    _ladder,
    _waivers,
)
