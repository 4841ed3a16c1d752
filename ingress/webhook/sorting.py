"""Which group an alert belongs to: by the company's files, and for an alarm made of others, by where those went."""

from collections import OrderedDict

from config.company import Company
from domain.alerting.alert import Alert, VendorAct
from domain.alerting.grouping import Group, group_of

REMEMBERED = 10_000
"""Alarms whose group is remembered; a composite alarm follows its children within seconds."""


class Sorter:
    """Sorts by the files as they are at the time. What it remembers is lost with the process, and only a help."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._went: OrderedDict[str, Group] = OrderedDict()

    def __call__(self, heard: Alert | VendorAct) -> Group:
        """The group of what was heard."""
        group = group_of(heard, self._company.catalog, self._company.policy.alerts.grouping)
        if not isinstance(heard, Alert):
            return group
        children = heard.labels.get("children", "").split(",")
        if not group.service:
            group = next((self._went[child] for child in children if child in self._went), group)
        if heard.source == "cloudwatch":
            self._went[heard.key] = group
            self._went.move_to_end(heard.key)
            if len(self._went) > REMEMBERED:
                self._went.popitem(last=False)
        return group
