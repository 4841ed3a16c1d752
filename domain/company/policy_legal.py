"""Which laws and contracts ask for reports of an incident: each a pack of policy lines, off unless it is listed."""

from datetime import timedelta
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from domain.value.model import LongText, Model, PositiveDuration, Severity, Slug

ANSWER = "answer"
"""What a report may be counted from: that somebody said that the law applies."""


class LegalStep(Model):
    """One report that a law asks for."""

    title: str
    within: PositiveDuration
    after: Slug | Literal[""] = ""
    """The report, or the `answer`, from whose moment it is counted; from the awareness where nothing is said."""
    latest: PositiveDuration | None = None
    """How long after the awareness it is due at the latest."""


class LegalRule(Model):
    """A law or a contract: when it is asked about, who owes its reports, to whom, and until when."""

    title: str
    question: LongText
    to: str
    """The authority or the customer that is told."""
    severities: tuple[Severity, ...] = ("P1", "P2")
    """Of which incidents it is asked; of every security incident as well."""
    asked_within: PositiveDuration = timedelta(hours=4)
    owner: Slug = "manager"
    """Who answers and reports: a role of the policy, such as one for privacy."""
    steps: dict[Slug, LegalStep] = Field(min_length=1)

    @model_validator(mode="after")
    def _counts_from_what_exists(self) -> Self:
        for name, step in self.steps.items():
            known = [ANSWER, *(other for other in self.steps if other != name)]
            if step.after and step.after not in known:
                raise ValueError(f"steps.{name}.after: found {step.after!r}, expected one of {', '.join(known)}")
        return self


PACKS: dict[str, dict[str, Any]] = {
    "nis2": {
        "title": "NIS2, Article 23",
        "question": "Is it a significant incident (NIS2 Article 23(3)): severe disruption or considerable damage?",
        "to": "the CSIRT or the competent authority",
        "steps": {
            "early-warning": {"title": "the early warning", "within": "24h"},
            "notification": {"title": "the incident notification", "within": "72h"},
            "final-report": {"title": "the final report", "within": "30d", "after": "notification"},
        },
    },
    "dora": {
        "title": "DORA, Article 19",
        "question": "Is it a major ICT-related incident (DORA Article 18)?",
        "to": "the competent authority",
        "steps": {
            "initial": {"title": "the initial notification", "within": "4h", "after": ANSWER, "latest": "24h"},
            "intermediate": {"title": "the intermediate report", "within": "72h", "after": "initial"},
            "final-report": {"title": "the final report", "within": "30d", "after": "intermediate"},
        },
    },
}
"""The packs by name: a policy lists `nis2: {}`, or says in it what is otherwise there."""


def with_packs(laws: Any) -> Any:
    """The laws as a policy lists them, with the lines of a pack where they say nothing else."""
    if not isinstance(laws, dict):
        return laws
    return {
        name: {**PACKS.get(name, {}), **(law or {})} if isinstance(law, dict | None) else law
        for name, law in laws.items()
    }
