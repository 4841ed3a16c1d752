"""Plays slack."""
