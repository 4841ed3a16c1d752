"""One file per version of the tables; a released one never changes."""
