"""Webhooks: proved, kept, read, sorted, and relayed to the engine in order."""
