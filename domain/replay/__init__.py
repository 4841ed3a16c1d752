"""A past incident under another policy: what came from outside is played again, and the two readings are compared."""
