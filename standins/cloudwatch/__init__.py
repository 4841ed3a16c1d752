"""Plays cloudwatch."""
