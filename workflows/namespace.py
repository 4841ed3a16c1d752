"""What the namespace must have before an incident can live in it: our search attributes."""

import logging
from typing import Any

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
    ListSearchAttributesResponse,
)
from temporalio.client import Client
from temporalio.common import SearchAttributeIndexedValueType
from temporalio.service import RPCError, RPCStatusCode

from activities.attribute import ATTRIBUTES
from activities.poller import AWAY

log = logging.getLogger("standfast.namespace")
KINDS: dict[SearchAttributeIndexedValueType, Any] = {
    SearchAttributeIndexedValueType.KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    SearchAttributeIndexedValueType.DATETIME: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}

CLOSED = {
    RPCStatusCode.NOT_FOUND: "set TEMPORAL_NAMESPACE to another, or: temporal operator namespace create -n {namespace}",
    RPCStatusCode.UNAUTHENTICATED: "set TEMPORAL_API_KEY or TEMPORAL_TLS_* to what lets us in, and is not expired",
    RPCStatusCode.PERMISSION_DENIED: "give the worker's role the right to write in {namespace}",
}
"""What to do where a namespace does not let us in."""


class NamespaceUnfit(Exception):
    """The namespace is not there, does not let us in, or lacks search attributes that it would not let us add."""


async def prepare(client: Client) -> None:
    """Add the search attributes the namespace lacks; a workflow that sets an unknown one would be stuck for ever.

    Raises `RPCError` where the engine went away, and `NamespaceUnfit` with what to do where the server does not let us
    (Temporal Cloud, missing rights).
    """
    wanted = {key.name: key.indexed_value_type for key in ATTRIBUTES}
    try:
        listed = await _listed(client)
        lacking = {name: kind for name, kind in wanted.items() if name not in listed.custom_attributes}
        if lacking:
            await client.operator_service.add_search_attributes(
                AddSearchAttributesRequest(
                    namespace=client.namespace,
                    search_attributes={name: KINDS[kind] for name, kind in lacking.items()},
                )
            )
            log.info("search attributes added: %s", ", ".join(lacking))
    except RPCError as error:
        if error.status in AWAY:
            raise
        flags = " ".join(f"--name {name} --type {kind.name.title()}" for name, kind in wanted.items())
        command = f"temporal operator search-attribute create --namespace {client.namespace} {flags}"
        raise NamespaceUnfit(f"search attributes can't be added ({error.message}); run: {command}") from None


async def _listed(client: Client) -> ListSearchAttributesResponse:
    """What the namespace has; who may not even ask is told that, and not of attributes."""
    try:
        request = ListSearchAttributesRequest(namespace=client.namespace)
        return await client.operator_service.list_search_attributes(request)
    except RPCError as error:
        if error.status in CLOSED:
            do = CLOSED[error.status].format(namespace=client.namespace)
            raise NamespaceUnfit(f"namespace {client.namespace}: {error.message}; {do}") from None
        raise
