"""Plays linear."""
