"""Opsgenie: pages people, and says what monitors and people do there."""
