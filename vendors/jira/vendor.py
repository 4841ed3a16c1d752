"""Jira: plays the tracker and sends webhooks."""

from vendors.vendor import Vendor

VENDOR = Vendor(
    name="jira",
    roles=("tracker",),
    needs=("JIRA_URL", "JIRA_EMAIL", "JIRA_API_TOKEN", "JIRA_PROJECT"),
    hears=True,
)
