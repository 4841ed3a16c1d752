"""Alerts before there is an incident: what a sender said, its group, what is out of scope, what a group does."""
