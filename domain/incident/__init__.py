"""The incident as the list of its events: what can happen to it, and the reading that the events add up to."""
