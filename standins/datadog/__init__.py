"""Plays datadog."""
