"""Confluence: plays the notebook."""

from vendors.vendor import Vendor

VENDOR = Vendor(
    name="confluence",
    roles=("notebook",),
    needs=("CONFLUENCE_URL", "CONFLUENCE_EMAIL", "CONFLUENCE_API_TOKEN", "CONFLUENCE_SPACE"),
)
