"""GitHub, whose webhooks tell what was deployed when."""
