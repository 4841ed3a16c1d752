"""Whole incidents, told in the house's words, on real Temporal servers."""
