"""Plays grafana."""
