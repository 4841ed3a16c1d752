"""Talks to people over the chat port: what they press, type and fill in is asked of their incident, and answered."""
