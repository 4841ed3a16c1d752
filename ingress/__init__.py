"""Listens: webhooks are answered as soon as they are durable, and relayed to the engine after that."""
