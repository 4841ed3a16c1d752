"""Confluence's client and stand-in."""
