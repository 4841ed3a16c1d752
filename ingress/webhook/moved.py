"""Tells the group that an alert was of that its pager has moved it to another service (DET-4, DET-7).

A pager says where the alert is now, and not where it was; what it said before stands in the inbox.
"""

from collections.abc import Callable, Iterable

from domain.alerting.alert import Alert, VendorAct, WebhookContent
from domain.alerting.grouping import Group

Left = tuple[Group, Alert, VendorAct]


def left_behind(
    said: WebhookContent, earlier: Iterable[WebhookContent], sort: Callable[[Alert | VendorAct], tuple[Group, ...]]
) -> list[Left]:
    """Each group that a moved alert was of before, with the alert as it is there now, and what its people are told.

    It is calm there as a merged one is: nobody has seen a recovery, and it fires elsewhere.
    """
    alerts = {alert.key: alert for alert in said.alerts}
    moves = {act.alert: act for act in said.moved if act.alert in alerts}
    now = {key: sort(alerts[key])[0].key for key in moves}
    found: dict[tuple[str, str], Left] = {}
    for before in earlier:
        for alert in before.alerts:
            if alert.key not in moves:
                continue
            calm = alerts[alert.key].model_copy(update={"state": "merged", "paged": ()})
            for group in sort(alert):
                if group.key != now[alert.key]:
                    found.setdefault((group.key, alert.key), (group, calm, moves[alert.key]))
    return list(found.values())
