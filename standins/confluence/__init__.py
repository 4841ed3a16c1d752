"""Plays confluence."""
