"""CloudWatch: sends webhooks."""

from vendors.vendor import Vendor

VENDOR = Vendor(name="cloudwatch", hears=True)
