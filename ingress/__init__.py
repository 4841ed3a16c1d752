"""Listens: webhooks, Slack and the board; answers at once and holds nothing but the inbox."""
