"""Which group an alert belongs to: by the company's files, and for an alarm made of others, by where those went."""

from collections import OrderedDict

from config.company import Company
from domain.alerting.alert import CALM, Alert, VendorAct
from domain.alerting.grouping import Group, group_of

REMEMBERED = 10_000
"""Alerts whose groups are remembered; a composite alarm follows its children within seconds."""
SEVERAL = 8
"""Groups that are remembered of one alert: senders give one key to alerts of several services."""


class Sorter:
    """Sorts by the files as they are at the time; what it remembers, a relay that begins reads from the inbox again."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._went: OrderedDict[tuple[str, str], tuple[Group, ...]] = OrderedDict()

    def __call__(self, heard: Alert | VendorAct) -> tuple[Group, ...]:
        """The group of what was heard; an end is where its alert was, whatever service it names or leaves out.

        Where several services share the alert, an end that names none of them is the end in each.
        """
        group = group_of(heard, self._company.catalog, self._company.policy.alerts.grouping)
        if not isinstance(heard, Alert):
            return (group,)
        if heard.state in CALM and (before := self._fired(heard)):
            return (group,) if group in before else before
        if not group.service:
            went = ((heard.source, key) for key in heard.labels.get("children", "").split(","))
            group = next((self._went[one][-1] for one in went if one in self._went), group)
        if heard.state not in CALM:
            self._remember((heard.source, heard.key), group)
        return (group,)

    def _fired(self, over: Alert) -> tuple[Group, ...]:
        """Where an alert has fired; of a whole that tells its parts, `monitor:group`, where any of them has."""
        known = self._went.get((over.source, over.key), ())
        if known or not over.key.endswith(":"):
            return known
        parts = (one for (source, key), one in self._went.items() if source == over.source and key.startswith(over.key))
        return tuple(dict.fromkeys(group for groups in parts for group in groups))

    def _remember(self, alert: tuple[str, str], group: Group) -> None:
        others = (one for one in self._went.get(alert, ()) if one != group)
        self._went[alert] = (*others, group)[-SEVERAL:]
        self._went.move_to_end(alert)
        if len(self._went) > REMEMBERED:
            self._went.popitem(last=False)
