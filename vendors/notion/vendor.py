"""Notion: plays the notebook and sends webhooks."""

from vendors.vendor import Vendor

VENDOR = Vendor(
    name="notion",
    roles=("notebook",),
    needs=("NOTION_TOKEN", "NOTION_POSTMORTEMS"),
    hears=True,
)
