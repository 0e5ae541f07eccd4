"""A subscription that runs."""

from collections.abc import Hashable
from typing import Any

import orjson
from graphql.execution.values import VariableValues

from fleet_api.graphql.execution.documents import Operation


class Subscribed:
    """source: what its resolver answered: what it follows.

    case: what decides how its events are rendered, beside who looks at them. Where they come from (a topic, a list of
    ids, a cursor) is not in it, so that most subscribers of a document are one case.
    """

    def __init__(self, operation: Operation, variables: dict[str, Any], coerced: VariableValues, source: Any) -> None:
        self.operation = operation
        self.coerced = coerced
        self.source = source
        inner = {name: variables[name] for name in operation.inner_variables if name in variables}
        self.case: Hashable = (operation, orjson.dumps(inner, option=orjson.OPT_SORT_KEYS) if inner else b"")
