"""Alertmanager: sends webhooks."""

from vendors.vendor import Vendor

VENDOR = Vendor(name="alertmanager", hears=True, by_header=True)
