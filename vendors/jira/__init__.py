"""Atlassian Jira Cloud: a tracker for action items."""
