"""Relay nodes. The source of a GraphQL object is the entity itself: no copy is made to present it."""

import binascii
from typing import Any, ClassVar
from uuid import UUID

import strawberry
from asyncpg.pgproto import pgproto
from pydantic import BeforeValidator
from strawberry import relay

from fleet_api.shared.domain.input_errors import Problem
from fleet_api.shared.domain.output_context import Refused
from fleet_api.shared.domain.permission import Permission
from fleet_api.shared.domain.shared_errors import invalid_input
from fleet_api.shared.domain.text import Text

_MAX_ID_LENGTH = 200

NOT_AN_ID = Text("This is not a global id of ours.", "No es un id global nuestro.")


class EntityNode(relay.Node):
    """A node whose source is an entity, read by `read` from ids in batches."""

    entity: ClassVar[type]
    read: ClassVar[Any]

    @classmethod
    def is_type_of(cls, thing: object, info: object) -> bool:
        return isinstance(thing, cls.entity)

    @classmethod
    def parse_key(cls, key: str) -> Any:
        """The key in a global id, as `read` takes it. Raises `ValueError` for what is not one."""
        return parse_uuid(key)


def parse_global_id(value: str) -> tuple[str, str] | None:
    """The type name and the key of a Relay global id, or None."""
    if len(value) > _MAX_ID_LENGTH:
        return None
    try:
        name, separator, key = binascii.a2b_base64(value, strict_mode=True).decode().partition(":")
    except ValueError:
        return None
    return (name, key) if separator and name and key else None


def global_id(type_name: str, id: UUID) -> strawberry.ID:
    """The Relay global id of a row."""
    return strawberry.ID(relay.to_base64(type_name, str(id)))


def local_id(type_name: str, value: str, field: str = "id") -> UUID:
    """The UUID in a query's id argument. Raises `Refused` (INVALID_ID) for what is not an id of that type."""
    id = _uuid(type_name, value)
    if id is None:
        raise Refused(invalid_input("INVALID_ID", _wrong_id(type_name), field))
    return id


def decoded(type_name: str | None = None) -> BeforeValidator:
    """Lets an input's field take a global id, of that type or of any, and gives its use case the UUID."""

    def decode(value: object) -> UUID | None:
        if value is None or isinstance(value, UUID):
            return value
        id = _uuid(type_name, str(value))
        if id is None:
            raise Problem("INVALID_ID", _wrong_id(type_name))
        return id

    return BeforeValidator(decode)


def id_field(description: str, *, optional: bool = False) -> Any:
    """Shows an input's UUID as an ID."""
    return strawberry.field(graphql_type=strawberry.ID | None if optional else strawberry.ID, description=description)


def guarded(permission: Permission, description: str) -> Any:
    """A field that answers null to viewers without `permission`."""

    def resolve(root: Any, info: strawberry.Info) -> Any:
        return getattr(root, info.python_name) if info.context.viewer.may(permission) else None

    return strawberry.field(resolver=resolve, description=description, metadata={"permission": permission})


def _uuid(type_name: str | None, value: str) -> UUID | None:
    parsed = parse_global_id(value)
    try:
        return parse_uuid(parsed[1]) if parsed and type_name in {None, parsed[0]} else None
    except ValueError:
        return None


def parse_uuid(text: str) -> UUID:
    """Raises `ValueError` for any spelling but ours: clients keep what they know by its id."""
    id: UUID = pgproto.UUID(text)  # as rows bear them, and made in a tenth of the time
    if str(id) != text:
        raise ValueError("an id has one spelling")
    return id


def _wrong_id(type_name: str | None) -> Text:
    if type_name is None:
        return NOT_AN_ID
    return Text(f"This is not the id of a {type_name}.", f"No es el id de un {type_name}.")
