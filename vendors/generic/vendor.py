"""Whatever sends our own shape of alert: sends webhooks."""

from vendors.vendor import Vendor

VENDOR = Vendor(name="generic", hears=True)
