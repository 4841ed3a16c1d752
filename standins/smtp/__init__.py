"""Plays smtp."""
