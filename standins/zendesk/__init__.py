"""Plays zendesk."""
