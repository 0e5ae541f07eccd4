"""A look at a document before anybody parses it: to refuse one must not cost what the parser would."""

import re
from collections import Counter

from fleet_api.graphql.limits.limits import Limits
from fleet_api.graphql.limits.limits_errors import (
    document_too_large,
    too_many_aliases,
    too_many_directives,
    too_many_repetitions,
    too_many_tokens,
)
from fleet_api.shared.domain.output_context import Refused

# As graphql-core reads them: whatever it sees must be seen here. A string without an end goes on to where it would have
# to end, and is none that would parse: to try again behind each of its quotes would take the square of its length.
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\"""|\\(?!""")|"(?!""))*+(?:""")?'
    r'|"(?:[^"\\\n\r]|\\.)*+"?'
    r"|\#[^\n\r]*"
    r"|\.\.\."
    r"|[_A-Za-z][_0-9A-Za-z]*"
    r"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
    r"|[^\s,\ufeff]",
)


def scan(document: str, limits: Limits) -> int:
    """How many tokens and comments it has. Raises `Refused` for one over a limit; one that is broken may pass."""
    if len(document) > limits.document_bytes or len(document.encode("utf-8", "replace")) > limits.document_bytes:
        raise Refused(document_too_large(limits.document_bytes))
    words = _TOKEN.findall(document)
    tokens = [word for word in words if word[0] != "#"]
    if len(tokens) > limits.tokens:
        raise Refused(too_many_tokens(limits.tokens))
    if tokens.count("@") > limits.directives:
        raise Refused(too_many_directives(limits.directives))
    _look_at_fields(tokens, limits.aliases)
    return len(words)


def _look_at_fields(tokens: list[str], most: int) -> None:
    """Counts aliases, and how often each field stands in its selection: comparing those is the validator's most
    expensive work."""
    aliases = parentheses = 0
    selections: list[Counter[str]] = []
    before = previous = ""
    for word in tokens:
        if word == "(":
            parentheses += 1
        elif word == ")":
            parentheses -= 1
        elif parentheses > 0:
            pass
        elif word == "{":
            selections.append(Counter())
        elif word == "}":
            if selections:
                selections.pop()
        elif word == ":":
            aliases += 1
            if aliases > most:
                raise Refused(too_many_aliases(most))
        elif selections and _is_field(word, previous, before):
            selections[-1][word] += 1
            if selections[-1][word] > most:
                raise Refused(too_many_repetitions(most))
        before, previous = previous, word


def _is_field(token: str, previous: str, before: str) -> bool:
    """Neither a directive, a fragment, its type, nor what stands behind an alias."""
    named_otherwise = previous in {"@", "...", ":"} or (previous == "on" and before == "...")
    return not named_otherwise and (token[0] == "_" or token[0].isalpha())
