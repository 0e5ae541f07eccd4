"""The header `Idempotency-Key`: the default of `input.idempotencyKey` where a request does one thing."""

import re
from collections.abc import Iterable

from graphql import FieldNode, FragmentSpreadNode, OperationType, SelectionNode

from fleet_api.graphql.execution.documents import Operation
from fleet_api.graphql.http.headers import Headers
from fleet_api.graphql.http.http_errors import key_for_several, malformed_key

_KEY = re.compile(rb'"([\x21\x23-\x5b\x5d-\x7e]{1,128})"|((?!")[\x21-\x7e]{1,128})')


def key_in(headers: Headers) -> str | None:
    """Plain or, as its draft has it, in quotes. Raises `HttpRefused` for what no `input.idempotencyKey` could be."""
    given = headers.get(b"idempotency-key")
    if given is None:
        return None
    match = _KEY.fullmatch(given)
    if match is None:
        raise malformed_key()
    return (match[1] or match[2]).decode()


def refuse_key_for_several(operation: Operation) -> None:
    """Raises `HttpRefused`: one key for two mutations would take the second for the first, sent again."""
    if operation.definition.operation is not OperationType.MUTATION:
        return
    if len(_response_names(operation.definition.selection_set.selections, operation, set())) > 1:
        raise key_for_several()


def _response_names(selections: Iterable[SelectionNode], operation: Operation, spread: set[str]) -> set[str]:
    """Of all fields that may run, whatever @skip and @include say."""
    names: set[str] = set()
    for each in selections:
        if isinstance(each, FieldNode):
            names |= {(each.alias or each.name).value} if each.name.value != "__typename" else set()
        elif isinstance(each, FragmentSpreadNode):
            if each.name.value not in spread:
                spread.add(each.name.value)
                fragment = operation.fragment_definitions[each.name.value]
                names |= _response_names(fragment.selection_set.selections, operation, spread)
        else:
            names |= _response_names(each.selection_set.selections, operation, spread)  # type: ignore[attr-defined]
    return names
