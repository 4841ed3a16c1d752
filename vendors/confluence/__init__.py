"""Atlassian Confluence Cloud: a notebook for post-mortems and runbooks."""
