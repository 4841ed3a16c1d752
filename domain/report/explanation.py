"""Says in plain words what a clause of the policy will do: what will happen when, and for whom."""

from domain.company.catalog import Catalog
from domain.company.policy import Policy
from domain.incident.office import PAGES
from domain.procedure.sop import PROCEDURE
from domain.report.sentence import about_clock, on_call


def explain(clause: str, policy: Policy, catalog: Catalog | None = None) -> list[str] | None:
    """The sentences, with the company's people where they are known; None for what is no clause."""
    said = [*about_clock(clause, policy)] if policy.clock(clause) else []
    known = PROCEDURE.clauses.get(clause)
    said += known.explain(policy) if known and known.explain else []
    if clause in PAGES and catalog:
        said += on_call(policy, catalog)
    if clause in PROCEDURE.promises and not policy.clock(clause):
        said.append(f"This policy has no clock {clause}: nobody is held to a time. {_needed(clause)}")
    return said or ([f"The same under every policy: {known.text}"] if known else None)


def _needed(clause: str) -> str:
    asks = PROCEDURE.promises[clause].asked_by.words
    return f"One would start with {asks}." if asks.startswith("a severity") else f"One could: {asks}."


def explained(policy: Policy) -> list[str]:
    """The clauses that can be explained."""
    return sorted({*policy.clocks, *PROCEDURE.clauses})
