"""Zendesk: plays the support and sends webhooks."""

from vendors.vendor import Vendor

VENDOR = Vendor(
    name="zendesk",
    roles=("support",),
    needs=("ZENDESK_API_URL", "ZENDESK_EMAIL", "ZENDESK_API_TOKEN"),
    hears=True,
)
