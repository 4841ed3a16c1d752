"""Another procedure than ours for the length of a test: its rules, and whatever was gathered from them."""

import pytest

from domain.procedure.sop import PROCEDURE
from domain.rule.procedure import Procedure
from domain.rule.ruleset import Ruleset


def follow(patch: pytest.MonkeyPatch, *rulesets: Ruleset) -> None:
    """Everybody follows these rules until the patch is undone; nothing reckoned from them is left behind."""
    patch.setattr(PROCEDURE, "__dict__", vars(Procedure(*rulesets)))
