"""Which group an alert belongs to: by the company's files, and for an alarm made of others, by where those went."""

from collections import OrderedDict

from config.company import Company
from domain.alerting.alert import CALM, Alert, VendorAct
from domain.alerting.grouping import Group, group_of

REMEMBERED = 10_000
"""Alerts whose group is remembered; a composite alarm follows its children within seconds."""


class Sorter:
    """Sorts by the files as they are at the time. What it remembers is lost with the process, and only a help."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._went: OrderedDict[tuple[str, str], Group] = OrderedDict()

    def __call__(self, heard: Alert | VendorAct) -> Group:
        """The group of what was heard; an end that does not repeat the service is where its alert was."""
        group = group_of(heard, self._company.catalog, self._company.policy.alerts.grouping)
        if not isinstance(heard, Alert):
            return group
        keys = heard.labels.get("children", "").split(",")
        if heard.state in CALM and not heard.service:
            keys.insert(0, heard.key)
        if not group.service:
            went = ((heard.source, key) for key in keys)
            group = next((self._went[one] for one in went if one in self._went), group)
        self._remember((heard.source, heard.key), group)
        return group

    def _remember(self, alert: tuple[str, str], group: Group) -> None:
        self._went[alert] = group
        self._went.move_to_end(alert)
        if len(self._went) > REMEMBERED:
            self._went.popitem(last=False)
