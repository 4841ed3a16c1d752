"""Listens: webhooks, the chat and the board; answers at once and holds nothing but the inbox."""
