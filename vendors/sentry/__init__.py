"""Sentry, whose alerts of metrics and issues come from here."""
