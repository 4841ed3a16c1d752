"""Makes the pictures of docs/operating.md from a running stack: `python -m tests.picture`."""
