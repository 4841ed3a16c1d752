"""Grafana, whose contact points post groups of alerts: signed since version 12, with a bearer or a password before."""
