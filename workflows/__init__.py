"""Decides when: the only place that waits."""
