"""Moments and labels as senders write them are read where they are plain, and are none where they are not (ACK-4)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from vendors import said

MOMENT = datetime(2026, 11, 27, 7, 57, tzinfo=UTC)
SECONDS = int(MOMENT.timestamp())


@pytest.mark.sop("ACK-4")
@pytest.mark.parametrize(
    "told",
    [
        *(SECONDS, str(SECONDS), float(SECONDS), SECONDS * 10**3, SECONDS * 10**6, SECONDS * 10**9),
        *("2026-11-27T07:57:00Z", "2026-11-27t07:57:00z", "2026-11-27T07:57:00,000Z", "20261127T075700Z"),
        *("2026-11-27T08:57:00+0100", "2026-11-27 08:57:00 +0100", "2026-11-27T13:42:00+05:45"),
        *("2026-11-27T08:57:00+01:00[Europe/Berlin]", "2026-11-27 07:57:00 UTC", "2026-11-27 07:57:00 GMT"),
        *("2026/11/27 07:57:00 UTC", "2026.11.27 07:57:00Z", "2026-11-27 07:57:00 +0000 UTC"),
        *("Fri, 27 Nov 2026 07:57:00 GMT", "Fri, 27 Nov 2026 08:57:00 +0100", "Fri Nov 27 07:57:00 UTC 2026"),
        "27 Nov 2026 07:57:00 UTC",
    ],
)
def test_a_moment_is_read_in_every_spelling_that_says_its_zone(told: Any) -> None:
    assert said.moment(told) == MOMENT


@pytest.mark.sop("ACK-4")
@pytest.mark.parametrize(
    "told",
    [
        *("2026-11-27 07:57:00", "2026-11-27T07:57:00", "2026.11.27 07:57:00", "Fri Nov 27 07:57:00 2026"),
        *("11/27/2026 07:57:00 AM", "04/05/2026 07:57:00 UTC", "November 27, 2026 07:57:00 PM UTC", "today", None, {}),
    ],
)
def test_a_time_without_a_zone_or_with_two_meanings_is_none(told: Any) -> None:
    assert said.moment(told) == said.NEVER


@pytest.mark.sop("SCP-2", "TRI-3")
def test_of_a_list_of_services_the_first_counts_and_of_environments_none() -> None:
    labels = said.pairs(
        {"service": ["checkout", "billing"], "env": ["production", "staging"], "severity": ["critical"]}
    )
    assert (said.service(labels), said.environment(labels), said.severity(labels)) == ("checkout", "", "critical")


def test_tags_are_pairs_however_they_are_listed() -> None:
    for one in ({"tag": "env", "value": "prod"}, {"name": "env", "value": "prod"}, ["env", "prod"], "env:prod"):
        assert said.pairs([one]) == {"env": "prod"}


@pytest.mark.sop("SCP-1")
@pytest.mark.parametrize(
    "name", ["service", "service.name", "Service-Name", "serviceName", "ServiceName", "dd.service"]
)
def test_a_service_is_found_however_its_label_is_written(name: str) -> None:
    assert said.service({name: "checkout", "job": "node"}) == "checkout"
