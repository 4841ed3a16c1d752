"""The parts that the rules know: which role of a company plays each is the policy's to say."""

from typing import Literal, get_args

CoreRole = Literal["commander", "on_call", "comms", "manager"]
CORE_ROLES: tuple[CoreRole, ...] = get_args(CoreRole)
