"""Our own signed webhook, for every sender that has no folder here: docs/webhook.md tells a sender all of it."""
