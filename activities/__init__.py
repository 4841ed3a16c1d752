"""Speaks: picks the vendor, asks it, tells Temporal the truth."""
