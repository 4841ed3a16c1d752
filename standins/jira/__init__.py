"""Plays jira."""
