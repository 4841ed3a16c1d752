"""The open incidents in a line each, asked for with as little of the engine's library as there is: for TAB."""

import json
from datetime import timedelta
from typing import Any, NamedTuple

from temporalio.api.common.v1 import Payload
from temporalio.api.workflowservice.v1 import ListWorkflowExecutionsRequest
from temporalio.envconfig import ClientConfig
from temporalio.service import ConnectConfig, ServiceClient

OPEN_QUERY = (
    "WorkflowType = 'Incident' AND ExecutionStatus = 'Running' AND (IncidentPhase IS NULL OR IncidentPhase != 'closed')"
)
"""What visibility is asked: the same as `client.temporal.query` asks for `OPEN`."""
MOST = 50
"""Incidents that are offered, the newest first."""


class OpenIncident(NamedTuple):
    """An incident that is not closed."""

    id: str
    severity: str
    service: str


async def open_incidents(within: timedelta) -> list[OpenIncident]:
    """The newest open incidents; raises what the library raises where the engine does not answer in time."""
    target: dict[str, Any] = {"target_host": "localhost:7233", **ClientConfig.load_client_connect_config()}
    namespace: str = target.pop("namespace", "default")
    service = await ServiceClient.connect(ConnectConfig(**target, connect_timeout=within))
    asked = ListWorkflowExecutionsRequest(namespace=namespace, page_size=MOST, query=OPEN_QUERY)
    answer = await service.workflow_service.list_workflow_executions(asked, timeout=within)
    return [
        OpenIncident(one.execution.workflow_id, _word(known, "IncidentSeverity"), _word(known, "IncidentService"))
        for one in answer.executions
        for known in [dict(one.search_attributes.indexed_fields)]
    ]


def _word(known: dict[str, Payload], name: str) -> str:
    """A search attribute that is a word; empty where it is none, or not there."""
    value = json.loads(known[name].data) if name in known else ""
    return value if isinstance(value, str) else ""
