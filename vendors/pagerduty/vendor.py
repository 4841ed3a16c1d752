"""PagerDuty: plays the pager and sends webhooks."""

from vendors.vendor import Vendor

VENDOR = Vendor(
    name="pagerduty",
    roles=("pager",),
    needs=("PAGERDUTY_ROUTING_KEY",),
    hears=True,
)
