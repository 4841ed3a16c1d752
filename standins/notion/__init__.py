"""Plays notion."""
