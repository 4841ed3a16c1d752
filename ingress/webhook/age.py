"""What is heard too late to be news: it is a remark, and wakes nobody."""

from datetime import datetime

from domain.alerting.alert import CALM, Alert, VendorAct, WebhookContent
from domain.alerting.hearing import heard, heard_act
from domain.value.model import said_count


def fresh(said: WebhookContent, at: datetime, oldest: datetime) -> tuple[tuple[Alert, ...], tuple[VendorAct, ...], str]:
    """The alerts and acts of a request that was received `at`, as they are kept, and a remark on those that are old.

    What has recovered is heard however late it comes: it wakes nobody, and may end something.
    """
    alerts = tuple(heard(alert, at) for alert in said.alerts)
    acts = tuple(heard_act(act, at) for act in said.acts)
    news = tuple(one for one in alerts if one.state in CALM or one.said_at >= oldest)
    done = tuple(one for one in acts if (one.act.at or at) >= oldest)
    left = len(alerts) - len(news) + len(acts) - len(done)
    return (
        news,
        done,
        f"{said_count(left, 'event')} from before {oldest:%Y-%m-%d %H:%M} UTC: too old to be news" if left else "",
    )
