"""Plays pagerduty."""
