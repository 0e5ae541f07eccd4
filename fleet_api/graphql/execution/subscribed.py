"""A subscription that runs."""

from collections.abc import Hashable
from typing import Any

import orjson

from fleet_api.graphql.execution.ready import Ready


class Subscribed:
    """source: what its resolver answered: what it follows.

    case: what decides how its events are rendered, beside who looks at them. Where they come from (a topic, a list of
    ids, a cursor) is not in it, so that most subscribers of a document are one case.
    """

    def __init__(self, ready: Ready, source: Any) -> None:
        self.ready = ready
        self.source = source
        given, names = ready.given, ready.operation.inner_variables
        inner = {name: given[name] for name in names if name in given}
        self.case: Hashable = (ready.operation, orjson.dumps(inner, option=orjson.OPT_SORT_KEYS) if inner else b"")
