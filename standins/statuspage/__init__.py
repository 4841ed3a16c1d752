"""Plays statuspage."""
