"""Instatus: what customers see, and what other vendors' pages tell us."""
