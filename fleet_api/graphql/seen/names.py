"""The names of operations, as far as there is room for them. Clients make them up, and each is kept for ever by whoever
collects metrics: a stranger must not be able to fill that with names."""

import re
from collections.abc import Collection

OTHER = "other"
UNNAMED = "unnamed"

_MOST = 200
_MOST_OF_STRANGERS = 20
_PLAUSIBLE = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,63}")


class Names:
    """registered: names of operations that were registered, for which there is always room."""

    def __init__(self, registered: Collection[str] = ()) -> None:
        self._registered = registered
        self._known: dict[str, str] = {}
        self._own = self._of_strangers = 0

    def known(self, name: str | None, *, is_stranger: bool) -> str:
        """The name, or what stands for all that there is no room for. Only names of operations that are valid.

        is_stranger: whoever asks did not sign in.
        """
        if name is None:
            return UNNAMED
        return self._known.get(name) or self._new(name, is_stranger)

    def _new(self, name: str, is_stranger: bool) -> str:
        if not _PLAUSIBLE.fullmatch(name):
            return OTHER
        if name not in self._registered:
            if is_stranger:
                if self._of_strangers >= _MOST_OF_STRANGERS:
                    return OTHER
                self._of_strangers += 1
            else:
                if self._own >= _MOST:
                    return OTHER
                self._own += 1
        self._known[name] = name
        return name
