"""A storm through the real door and relay: bounded in signals, and right at its end."""

from pathlib import Path

import pytest

from bench.storm import run


@pytest.mark.sop("DET-3", "DET-5")
async def test_three_thousand_alerts_are_one_incident_that_ends_when_the_last_of_them_has_recovered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await run(tmp_path, 3000)
    fired, but_one, end, rows = capsys.readouterr().out.splitlines()
    assert fired.startswith("3,000 fire: incident alerting, 2,900 unseen and 100 followed fire")
    assert "incident alerting" in but_one
    assert end.startswith("the last one recovers: incident resolved, 0 unseen and 0 followed fire")
    assert rows == "0 row(s) wait, 1 incident(s) were opened"
