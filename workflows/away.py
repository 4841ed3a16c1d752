"""That Temporal is away, in a sentence; importing it costs nothing."""

import re


class EngineAway(Exception):
    """Temporal could not be reached: where it was looked for, and what to do."""

    @classmethod
    def of(cls, error: Exception, where: str) -> "EngineAway":
        """What the SDK raised, without its transport's insides."""
        told = re.search(r'message: "([^"]+)"', str(error))
        said = told[1] if told else str(error).partition("\n")[0] or "no answer"
        return cls(f"Temporal does not answer at {where} ({said}): start it, or set TEMPORAL_ADDRESS")
