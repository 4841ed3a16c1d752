"""Notion: a notebook for post-mortems and runbooks."""
