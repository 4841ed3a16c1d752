"""Plays instatus."""
