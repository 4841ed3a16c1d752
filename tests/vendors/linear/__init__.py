"""Linear's client, webhook and stand-in."""
