"""Opsgenie: plays the pager and sends webhooks."""

from vendors.vendor import Vendor

VENDOR = Vendor(
    name="opsgenie",
    roles=("pager",),
    needs=("OPSGENIE_API_KEY",),
    hears=True,
    by_header=True,
)
