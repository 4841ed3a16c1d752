"""Datadog, whose monitors post what the customer's template says and sign nothing: a bearer token proves it."""
