"""Sentry: sends webhooks."""

from vendors.vendor import Vendor

VENDOR = Vendor(name="sentry", hears=True)
