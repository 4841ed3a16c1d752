"""The duties, one model per effect, complete enough for a vendor's client to do it."""
