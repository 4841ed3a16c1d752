"""GitHub: sends webhooks."""

from vendors.vendor import Vendor

VENDOR = Vendor(name="github", hears=True)
