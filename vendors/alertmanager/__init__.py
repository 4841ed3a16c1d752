"""Prometheus Alertmanager, which posts groups of alerts and signs nothing: a bearer token proves it."""
