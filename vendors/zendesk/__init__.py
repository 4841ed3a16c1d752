"""Zendesk, where support escalates a customer's report as S1."""
