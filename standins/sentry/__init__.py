"""Plays sentry."""
