"""Datadog: sends webhooks."""

from vendors.vendor import Vendor

VENDOR = Vendor(name="datadog", hears=True, by_header=True)
