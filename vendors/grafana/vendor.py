"""Grafana: sends webhooks."""

from vendors.vendor import Vendor

VENDOR = Vendor(name="grafana", hears=True)
