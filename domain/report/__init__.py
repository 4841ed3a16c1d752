"""Readings of an incident for people: the view, the scorecard, key figures, the debrief, the policy explained."""
