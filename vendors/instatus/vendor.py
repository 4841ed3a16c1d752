"""Instatus: plays the status page and sends webhooks."""

from vendors.vendor import Vendor

VENDOR = Vendor(
    name="instatus",
    roles=("status_page",),
    needs=("INSTATUS_API_KEY", "INSTATUS_PAGE_ID"),
    hears=True,
)
