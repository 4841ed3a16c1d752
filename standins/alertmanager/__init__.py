"""Plays alertmanager."""
