"""Plays github."""
