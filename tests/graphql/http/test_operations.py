"""Documents that are named instead of sent, over every transport."""

import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection

from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.resources import Services
from tests.support.sockets import connected, receive, send
from tests.support.transport import FOLLOW, Edge, edge_of, token_of

_DOCUMENT = "query A { __typename }  query B { b: __typename }\n"
_MUTATION = 'mutation { logout(input: {refreshToken: "x"}) { __typename } }'

Configured = Callable[..., AbstractAsyncContextManager[Edge]]


def _sha(document: str) -> str:
    return hashlib.sha256(document.encode()).hexdigest()


def _apollo(document: str, **more: Any) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": _sha(document)}}, **more}


@pytest.fixture
def configured(settings: Settings, services: Services, tmp_path: Path) -> Configured:
    registered = {f"sha256:{_sha(each)}": each for each in (_DOCUMENT, _MUTATION, FOLLOW)} | {"abc123": _DOCUMENT}
    (tmp_path / "operations.json").write_text(json.dumps(registered))

    @asynccontextmanager
    async def edge(**changed: Any) -> AsyncIterator[Edge]:
        changed = {"operations": tmp_path / "operations.json"} | changed
        async with edge_of(settings.model_copy(update=changed), services) as made:
            yield made

    return edge


async def _post(edge: Edge, body: dict[str, Any], **headers: str) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.post(edge.url, json=body, headers=headers)


async def _get(edge: Edge, **parameters: str) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.get(edge.url, params=parameters)


def _refusal(answer: httpx.Response) -> tuple[int, str]:
    (error,) = answer.json()["errors"]
    return answer.status_code, error["extensions"]["code"]


async def test_a_registered_document_is_named_by_its_hash_or_its_own_name(configured: Configured) -> None:
    async with configured() as edge:
        identifier = f"sha256:{_sha(_DOCUMENT)}"
        for body in (
            {"documentId": identifier, "operationName": "B"},
            {"documentId": "abc123", "operationName": "B"},
            {"documentId": identifier, "query": _DOCUMENT, "operationName": "B"},
            _apollo(_DOCUMENT, operationName="B"),
        ):
            assert (await _post(edge, body)).json()["data"] == {"b": "Query"}
        by_get = await _get(edge, documentId=identifier, operationName="B")
        assert by_get.json()["data"] == {"b": "Query"}
        extensions = json.dumps(_apollo(_DOCUMENT)["extensions"])
        assert (await _get(edge, extensions=extensions, operationName="A")).json()["data"] == {"__typename": "Query"}


async def test_a_registered_mutation_is_not_run_by_get(configured: Configured) -> None:
    async with configured() as edge:
        assert _refusal(await _get(edge, documentId=f"sha256:{_sha(_MUTATION)}")) == (405, "METHOD_NOT_ALLOWED")


async def test_a_document_that_nobody_registered_is_not_found(configured: Configured) -> None:
    async with configured() as edge:
        for body in ({"documentId": "sha256:" + "0" * 64}, {"documentId": "nobody"}, _apollo("{ a: __typename }")):
            answer = await _post(edge, body)
            assert _refusal(answer) == (404, "PERSISTED_QUERY_NOT_FOUND")
            assert answer.json()["errors"][0]["message"] == "PersistedQueryNotFound"  # clients look for it


async def test_where_none_is_registered_clients_are_told_to_name_none(configured: Configured) -> None:
    async with configured(operations=None) as edge:
        answer = await _post(edge, _apollo(_DOCUMENT))
        assert _refusal(answer) == (404, "PERSISTED_QUERY_NOT_SUPPORTED")
        assert answer.json()["errors"][0]["message"] == "PersistedQueryNotSupported"
        assert (await _post(edge, _apollo("{ __typename }", query="{ __typename }"))).is_success


async def test_another_document_than_the_named_one_is_refused(configured: Configured) -> None:
    async with configured() as edge:
        for body in (
            _apollo(_DOCUMENT, query="{ __typename }"),
            _apollo("{ a: __typename }", query="{ __typename }"),
            {"documentId": "abc123", "query": "{ __typename }"},
        ):
            assert _refusal(await _post(edge, body)) == (400, "PERSISTED_QUERY_MISMATCH")


async def test_nothing_else_runs_where_only_registered_documents_do(configured: Configured) -> None:
    async with configured(operations_only=True) as edge:
        assert _refusal(await _post(edge, {"query": "{ __typename }"})) == (400, "OPERATION_NOT_REGISTERED")
        assert _refusal(await _get(edge, query="{ __typename }")) == (400, "OPERATION_NOT_REGISTERED")
        own = _apollo("{ __typename }", query="{ __typename }")
        assert _refusal(await _post(edge, own)) == (400, "OPERATION_NOT_REGISTERED")
        assert _refusal(await _post(edge, _apollo("{ __typename }"))) == (404, "PERSISTED_QUERY_NOT_FOUND")
        # As a socket's client library has it, which knows no names.
        assert (await _post(edge, {"query": _DOCUMENT, "operationName": "A"})).is_success
        assert (await _post(edge, {"documentId": "abc123", "operationName": "A"})).is_success


async def test_what_came_with_its_hash_is_known_the_next_time_where_that_is_wanted(configured: Configured) -> None:
    document = "{ ñ: __typename }".replace("ñ", "n") + "# ñ"
    for wanted, status in ((True, 200), (False, 404)):
        async with configured(operations_automatic=wanted) as edge:
            assert _refusal(await _post(edge, _apollo(document))) == (404, "PERSISTED_QUERY_NOT_FOUND")
            assert (await _post(edge, _apollo(document, query=document))).json()["data"] == {"n": "Query"}
            assert (await _post(edge, _apollo(document))).status_code == status


async def _open(edge: Edge, services: Services) -> ClientConnection:
    socket = await connected(edge.address)
    await send(socket, type="connection_init", payload={"authorization": f"Bearer {token_of(services)}"})
    assert (await receive(socket))["type"] == "connection_ack"
    return socket


async def test_a_socket_names_documents_too_and_a_wrong_name_ends_no_more_than_its_operation(
    configured: Configured, services: Services
) -> None:
    async with configured(operations_only=True) as edge:
        socket = await _open(edge, services)
        await send(socket, id="1", type="subscribe", payload={"documentId": "nobody"})
        told = await receive(socket)
        assert (told["id"], told["type"]) == ("1", "error")
        assert told["payload"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
        await send(socket, id="1", type="subscribe", payload={"query": "{ __typename }"})
        assert (await receive(socket))["payload"][0]["extensions"]["code"] == "OPERATION_NOT_REGISTERED"
        await send(socket, id="1", type="subscribe", payload=_apollo(_DOCUMENT, operationName="B"))
        assert (await receive(socket))["payload"]["data"] == {"b": "Query"}
        assert (await receive(socket))["type"] == "complete"
        await send(socket, id="2", type="subscribe", payload={"documentId": f"sha256:{_sha(FOLLOW)}"})
        await edge.live.next()
        await socket.close()


async def test_a_socket_nests_json_no_deeper_than_a_request(configured: Configured, services: Services) -> None:
    async with configured(max_json_depth=4) as edge:
        socket = await _open(edge, services)
        payload = {"query": "{ __typename }", "variables": {"a": {}}}
        await send(socket, id="1", type="subscribe", payload=payload)
        assert (await receive(socket))["type"] == "next"
        payload["variables"] = {"a": {"b": {}}}
        await send(socket, id="2", type="subscribe", payload=payload)
        await socket.wait_closed()
        assert socket.close_code == 4400


async def test_a_stream_names_documents_too(configured: Configured, services: Services) -> None:
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {token_of(services)}"}
    async with configured() as edge:
        named = await _post(edge, {"documentId": "abc123", "operationName": "B"}, **headers)
        assert b'data: {"data":{"b":"Query"}' in named.content
        assert _refusal(await _post(edge, {"documentId": "nobody"}, **headers)) == (404, "PERSISTED_QUERY_NOT_FOUND")
