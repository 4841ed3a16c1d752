"""What a group of alerts is told at once, instead of every duplicate."""

from pydantic import Field

from domain.alerting.alert import Alert, VendorAct
from domain.alerting.scope import Suppression
from domain.company.alert_rule import AlertRule
from domain.value.model import Instant, Model, unsaid


class AlertDigest(Model):
    """What the inbox's rows from `first_row` to `last_row` say to one group.

    Digests of a group reach it in the order of their rows; after a crash the same rows may come again, in a digest
    that ends at the same row or a later one. A group that has read up to `last_row` has read this digest.
    """

    group: str
    service: str
    """The catalog's service, empty when it knows none by the sender's word: such an alert opens an incident too."""
    environment: str
    first_row: int
    last_row: int
    alerts: tuple[Alert, ...] = ()
    """The newest state per key, of 50 keys at most: of each kind first, what fires before what has recovered."""
    more: int = Field(default=0, ge=0)
    """How many distinct keys were left out."""
    left_firing: str = Field(default="", exclude_if=unsaid)
    """The marks of the keys that were left out and fire (`unseen.packed`)."""
    left_over: str = Field(default="", exclude_if=unsaid)
    """The marks of the keys that were left out and have recovered."""
    heard_at: Instant | None = Field(default=None, exclude_if=unsaid)
    """When the last of it was heard; without it the digest is of before anybody noted that."""
    count: int = Field(default=0, ge=0)
    """How many alerts were heard, duplicates and left out ones too."""
    acts: tuple[VendorAct, ...] = ()
    suppressed: Suppression | None = None
    """Why these alerts open nothing (SCP-2), judged by the policy and the catalog at the time of telling."""
    rule: AlertRule = AlertRule()
    """What alerts do to incidents, by the policy at the time of telling."""
