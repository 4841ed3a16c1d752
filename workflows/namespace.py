"""What the namespace must have before an incident can live in it: our search attributes."""

import logging
from typing import Any

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeIndexedValueType
from temporalio.service import RPCError

from activities.attribute import ATTRIBUTES

log = logging.getLogger("standfast.namespace")
KINDS: dict[SearchAttributeIndexedValueType, Any] = {
    SearchAttributeIndexedValueType.KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    SearchAttributeIndexedValueType.DATETIME: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}


class NamespaceUnfit(Exception):
    """The namespace lacks search attributes and would not let us add them."""


async def prepare(client: Client) -> None:
    """Add the search attributes the namespace lacks; a workflow that sets an unknown one would be stuck for ever.

    Raises `NamespaceUnfit` with the command to run where the server does not let us (Temporal Cloud, missing rights).
    """
    wanted = {key.name: key.indexed_value_type for key in ATTRIBUTES}
    try:
        listed = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace)
        )
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
        flags = " ".join(f"--name {name} --type {kind.name.title()}" for name, kind in wanted.items())
        command = f"temporal operator search-attribute create --namespace {client.namespace} {flags}"
        raise NamespaceUnfit(f"search attributes can't be added ({error.message}); run: {command}") from None
