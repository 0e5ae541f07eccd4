"""GraphQL over WebSocket: graphql-transport-ws, by strawberry's handler with its rough edges taken off."""

import asyncio
import copy
from datetime import timedelta
from typing import Any

import orjson
from graphql import GraphQLError
from strawberry import Schema
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation

from fleet_api.graphql.authentication import Authentication
from fleet_api.graphql.context import Context
from fleet_api.graphql.language import language_of
from fleet_api.graphql.standing import Socket, StandingWatch, expired
from fleet_api.shared.domain.clock import utc_now
from fleet_api.shared.domain.output_context import Refused
from fleet_api.shared.domain.viewer import ANONYMOUS
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork

_INIT_SECONDS = 10
_FORBIDDEN = 4403
MAX_OPERATIONS = 100
_TOO_MANY = {"code": "TOO_MANY_OPERATIONS"}


class SocketContext(Context):
    """What the operations of one socket share. `connection_params` is the payload of connection_init."""

    connection_params: dict[str, Any] | None = None
    socket: Socket


class TransportHandler(BaseGraphQLTransportWSHandler[Any, None]):
    async def handle_message(self, message: Any) -> None:
        # What is not of the protocol's form would otherwise end in 1006 and a stack trace.
        if not isinstance(message, dict) or not isinstance(message.get("id", ""), str):
            await self.handle_invalid_message("A message is an object, and its id a string")
        elif message.get("type") == "subscribe" and not _is_request(message.get("payload")):
            await self.handle_invalid_message("The payload of subscribe is an object with a query")
        else:
            await super().handle_message(message)  # type: ignore[arg-type]

    async def handle_subscribe(self, message: Any) -> None:
        if self.connection_acknowledged and len(self.operations) >= MAX_OPERATIONS:
            error = GraphQLError(f"A socket runs at most {MAX_OPERATIONS} operations.", extensions=_TOO_MANY)
            await self.websocket.send_json({"id": message["id"], "type": "error", "payload": [error.formatted]})
        else:
            await super().handle_subscribe(message)

    async def run_operation(self, operation: Operation[Any, None]) -> None:
        # Operations share the handler and would share its context, and with it each other's loaders.
        own = copy.copy(self)
        own.context = self.context.fresh()
        await super(TransportHandler, own).run_operation(operation)

    @staticmethod
    def _get_pre_execution_close_reason(error: object) -> str | None:
        """A syntax error ends its operation and no other."""
        return None

    async def shutdown(self) -> None:
        await super().shutdown()
        self.view.standing.remove(self.context.socket)  # type: ignore[attr-defined]


class GraphQLSocket(GraphQL[Any, None]):
    graphql_transport_ws_handler_class = TransportHandler

    def __init__(
        self,
        schema: Schema,
        unit_of_work: UnitOfWork,
        services: Services,
        authentication: Authentication,
        standing: StandingWatch,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            connection_init_wait_timeout=timedelta(seconds=_INIT_SECONDS),
        )
        self._unit_of_work = unit_of_work
        self._services = services
        self._authentication = authentication
        self.standing = standing

    def encode_json(self, data: object) -> str:
        return orjson.dumps(data).decode()

    def decode_json(self, data: str | bytes) -> object:
        """Stricter than Python's own: it refuses lone surrogates, endless digits and nesting without end."""
        return orjson.loads(data)

    async def get_context(self, request: Any, response: Any) -> SocketContext:
        language = language_of(request.headers.get("accept-language"))
        address = request.client.host if request.client else ""
        context = SocketContext(
            self._unit_of_work, self._services, ANONYMOUS, language, request.state.request_id, address
        )
        serving = asyncio.current_task()
        assert serving is not None  # noqa: S101 - a coroutine always runs in a task
        context.socket = Socket(ANONYMOUS, lambda: request.close(_FORBIDDEN, "Forbidden"), serving)
        return context

    async def on_ws_connect(self, context: SocketContext) -> dict[str, object] | None:
        """Who asks is in the payload, since a browser cannot give a socket a header. Without one: anonymous."""
        given = {name.lower(): value for name, value in (context.connection_params or {}).items()}
        authorization = given.get("authorization")
        try:
            viewer = await self._authentication.viewer(authorization if isinstance(authorization, str) else None)
        except Refused:
            raise ConnectionRejectionError from None
        if expired(viewer, utc_now()):  # a request may come a little late, a socket would end at once
            raise ConnectionRejectionError
        context.viewer = context.socket.viewer = viewer
        self.standing.add(context.socket)
        return None


def _is_request(payload: object) -> bool:
    return (
        isinstance(payload, dict)
        and isinstance(query := payload.get("query"), str)
        and bool(query.strip())
        and isinstance(payload.get("variables"), dict | None)
        and isinstance(payload.get("operationName"), str | None)
    )
