"""The key figures say whose miss it was, where no role kept it (KPI-5, KPI-8)."""

from datetime import timedelta

import httpx
import pytest

from domain.incident.clocks import Missed
from domain.incident.entry import STANDFAST
from domain.incident.severity import SeverityDeclared
from domain.procedure.figure_part import FigurePart
from tests.ingress.board.night import Night
from tests.ingress.board.test_measure import TOOK, ended


@pytest.mark.sop("KPI-5", "KPI-8")
async def test_what_no_role_keeps_is_said_of_whoever_declared_it_or_owned_what_was_late(
    night: Night, http: httpx.AsyncClient
) -> None:
    at = night.clock() - timedelta(days=3)
    late = Missed(clause="ACT-2", key="ACT-2/item-1", owner="sam", due_at=at, says="close the action item")
    low = SeverityDeclared(severity="P3", proposed="P1", reason="few")
    facts = (("dana", low), ("jonas", low.model_copy(update={"severity": "P1"})), (STANDFAST, late))
    parts = (FigurePart(figure="KPI-5", judged=2, kept=1), FigurePart(figure="KPI-8", judged=1))
    await ended(night, "INC-00001", timedelta(days=3), took=TOOK, facts=facts, parts=parts)
    page = (await http.get("/kpi")).text
    assert "Checkout API · 1 of 2 · Sam Lindqvist owned the first that was late" in page
    assert "Checkout API · Dana Okafor declared it first" in page
