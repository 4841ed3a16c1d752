"""Plays generic."""
