"""Decides when: the only place that waits. An incident and a group of alerts are one workflow each."""
