"""Why the embedded parts ended early, in words for a person."""


class Stopped(Exception):
    """Something that was needed did not come about: what, and its last words."""
