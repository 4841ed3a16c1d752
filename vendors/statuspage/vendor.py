"""Statuspage: plays the status page and sends webhooks."""

from vendors.vendor import Vendor

VENDOR = Vendor(
    name="statuspage",
    roles=("status_page",),
    needs=("STATUSPAGE_API_KEY", "STATUSPAGE_PAGE_ID"),
    hears=True,
)
