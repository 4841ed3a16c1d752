"""The parts that the rules know: which role of a company plays each is the policy's to say."""

from typing import Literal, get_args

Part = Literal["commander", "on_call", "comms", "manager"]
PARTS: tuple[Part, ...] = get_args(Part)
