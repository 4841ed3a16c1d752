"""Remembers: every event of every incident, chained and signed; SQLite by default, PostgreSQL by URL."""
