"""PagerDuty: plays the pager and sends webhooks."""

from vendors.vendor import Vendor

VENDOR = Vendor(
    name="pagerduty",
    roles=("pager",),
    person=(r"P[A-Z0-9]{3,}", "PABC123"),
    needs=("PAGERDUTY_ROUTING_KEY",),
    hears=True,
)
