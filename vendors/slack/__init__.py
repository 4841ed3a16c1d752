"""Slack: the war room, #incidents, and what people press and type there."""
