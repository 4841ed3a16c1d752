"""Notion's client, webhook and stand-in."""
