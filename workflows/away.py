"""That Temporal is away, in a sentence; importing it costs nothing."""

import re

NO_TLS = "InvalidContentType"
"""What the transport says where TLS met a server that has none; TEMPORAL_API_KEY turns TLS on."""
DO = "start it, or set TEMPORAL_ADDRESS (and TEMPORAL_API_KEY or TEMPORAL_TLS_* where it asks for them)"


class EngineAway(Exception):
    """Temporal could not be reached: where it was looked for, and what to do."""

    def __init__(self, said: str, do: str = "") -> None:
        super().__init__(f"{said}: {do}" if do else said)
        self.said, self.do = said, do

    @classmethod
    def of(cls, error: Exception, where: str) -> "EngineAway":
        """What the SDK raised, without its transport's insides."""
        told = re.search(r'(?:message|error): "([^"]+)"', str(error)) or re.search(
            r"InvalidMessage\((\w+)\)", str(error)
        )
        said = told[1] if told else str(error).partition("\n")[0] or "no answer"
        said = "it speaks no TLS" if said == NO_TLS else said.rpartition("address information: ")[2]
        return cls(f"Temporal does not answer at {where} ({said})", DO)
