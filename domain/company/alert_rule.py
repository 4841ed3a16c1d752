"""What alerts do to incidents, as the policy says it; among it which environments are production (SCP-2, SCP-4)."""

import re
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Literal

from pydantic import Field

from domain.company.security_word import MEASURES, SECURITY, SENDERS
from domain.value.model import Duration, Model, PositiveDuration, Regex, ShortText, Slug, by_default, unsaid

NOT_PRODUCTION = (
    *("staging*", "stage", "stage-*", "stg", "stg-*", "dev*", "test*", "qa*", "uat*", "sandbox*"),
    *("preprod*", "pre-prod*", "*-staging", "*-stage", "*-stg", "*-dev", "*-test", "*-qa", "*-uat"),
    *("*-sandbox", "*-preprod", "*-pre-prod", "local", "localhost", "ci"),
    *("nonprod*", "non?prod*", "*-nonprod", "*-non?prod", "pre?prod*", "tst*", "*-tst", "int", "integration*"),
    *("acc", "acceptance*", "*-acc", "*-acceptance", "perf*", "loadtest*", "load-test*"),
    *("preview*", "review/*", "review-*"),
)
"""What environments that nobody is woken for are usually called; a policy that is silent means these."""


class Heartbeat(Model):
    """What a monitor says for ever while it works (Prometheus' `Watchdog`); its silence is an alert (DET-1)."""

    name: ShortText
    """What the monitor calls it, `*` for any letters."""
    door: ShortText = "alertmanager"
    """Whose webhook says it."""
    silent_for: PositiveDuration = timedelta(minutes=15)
    """How long it may not be heard; three times as long as the monitor lets pass before it says it again."""
    service: Slug | None = None
    """Whose people are woken; that of the sender's word, or the default, where it is not said."""
    severity: ShortText = "critical"
    """The word for how bad its silence is, as a monitor would say it."""


class AlertRule(Model):
    """What alerts do to incidents (SCP-2, DET-4, DET-5, RES-3)."""

    environments: tuple[str, ...] = ("production", "prod", "live")
    """The environments that are production by name."""
    not_production: tuple[str, ...] = by_default(NOT_PRODUCTION)
    """The environments whose alerts open nothing, `*` for any letters; what stands nowhere is in scope (SCP-4)."""
    grouping: tuple[Literal["service", "environment"], ...] = ("service", "environment")
    default_service: Slug | None = None
    """The service an alert belongs to when the catalog knows none by its word."""
    security: Regex = SECURITY
    """A pattern in an alert's words that makes a security incident (SCP-3)."""
    not_security: Regex = by_default(MEASURES)
    """What is taken out of the words before: a breach of an SLO, of a budget, of a threshold."""
    security_senders: tuple[str, ...] = by_default(SENDERS)
    """The senders, and the categories in their labels, that make a security incident, `*` for any letters."""
    join: Literal["join", "link"] = "join"
    dependents: Literal["link", "join"] = by_default("link")
    """What opens soon after an incident of a service that it depends on: is offered to be merged, or is (DET-7)."""
    dependents_within: PositiveDuration = by_default(timedelta(minutes=30))
    """How soon that is."""
    recovery: Literal["tell", "resolve"] = "tell"
    """When every alert has recovered after somebody acknowledged: tell the commander, or resolve."""
    bypass_lasts: bool = Field(default=False, exclude_if=unsaid)
    """Whether what recovers before anybody acknowledged stays open while a bypass has no answer (DET-5, FIX-2):
    it did not resolve itself."""
    reopen_window: Duration = timedelta(hours=1)
    recurrence: Literal["reopen", "tell"] = "reopen"
    same_report: Duration = by_default(timedelta(minutes=10))
    """A second declaration for a service within this time joins the first one's incident (DET-4)."""
    reports_join: Literal["declared", "ringing"] = by_default("declared")
    """Which incident a declaration joins so soon after its opening: what a person declared, or also what alerts opened,
    where it wakes somebody at once, so that the report rings nobody a second time (DET-4)."""
    rings_anew: PositiveDuration = by_default(timedelta(hours=1))
    """What fires after everything was quiet for so long wakes somebody again, though the incident was taken (DET-4)."""
    outage_begins: Literal["first_alert", "worse_alert", "worst_known"] = by_default("first_alert")
    """Since when an outage lasts that a lesser incident became: its first alert, or the one that made it so (RES-2).

    `worst_known`: that one as far as it has not been withdrawn, or what was merged in and began before; customers read
    since when somebody said that they are hit.
    """
    asked_every: PositiveDuration = by_default(timedelta(hours=6))
    resolved_after: Duration = by_default(timedelta(days=1))
    """A quiet incident that no other clock chases is asked about this often, and resolved by itself after so long."""
    flaps: int = Field(default=4, ge=2)
    """This many firings of one alert inside `flap_window` are flapping: recoveries wait until it has been quiet."""
    flap_window: Duration = timedelta(minutes=10)
    heartbeats: tuple[Heartbeat, ...] = Field(default=(), exclude_if=unsaid)
    """What monitors say while they work: it opens nothing while it comes, and its silence wakes somebody."""
    oldest: PositiveDuration = by_default(timedelta(days=1))
    """What is said to have happened longer ago than this when we hear it is a remark, and pages nobody."""

    refuses_apart: bool = Field(default=False, exclude_if=unsaid)
    """Whether a refused link leaves a merge into the same incident to its own answer, and a merge a link (DET-7)."""

    def speaks_of_security(self, words: str) -> bool:
        """SCP-3: whether what an alert says is about security."""
        left = re.sub(self.not_security, " ", words, flags=re.IGNORECASE) if self.not_security else words
        return bool(re.search(self.security, left, re.IGNORECASE))

    def keeps_back(self, environment: str) -> bool:
        """SCP-2: whether an environment is named, or matched, as one that is not production.

        Signs between words are one, and a number at the end is none of its name: `eu_staging-2` is `eu-staging`.
        """
        word = environment.strip().lower()
        apart = re.sub(r"[\s_./]+", "-", word)
        spellings = {word, apart, re.sub(r"-?\d+$", "", apart)} - {""}
        matched = any(fnmatchcase(one, pattern) for one in spellings for pattern in self.not_production)
        return word not in self.environments and matched

    def heartbeat(self, door: str, name: str) -> Heartbeat | None:
        """DET-1: what is promised of an alert of this name, where it is a heartbeat."""
        return next((one for one in self.heartbeats if one.door == door and fnmatchcase(name, one.name)), None)

    def knows(self, environment: str) -> bool:
        """SCP-4: whether an environment is named at all; an empty word means production."""
        return environment.strip().lower() in ("", *self.environments) or self.keeps_back(environment)
