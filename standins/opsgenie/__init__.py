"""Plays opsgenie."""
