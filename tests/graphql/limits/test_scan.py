"""The look at a document sees what graphql-core will see: whatever only one of them sees is a way around the limits."""

import pytest
from graphql import GraphQLSyntaxError, Lexer, Source, Token, TokenKind
from hypothesis import assume, given
from hypothesis import strategies as st

from fleet_api.graphql.limits.limits import Limits
from fleet_api.graphql.limits.scan import scan
from fleet_api.settings import Settings
from fleet_api.shared.domain.output_context import Refused

_LIMITS = Limits.of(Settings())
_PIECES = (
    *('"', '"""', "\\", '\\"', '\\"""', "\\u00e9", "é", "\ufeff", " ", "\t", "\n", "\r", ",", "#", "a", "_b", "on"),
    *("0", "12", "-", "+", ".", "...", "e", "E", "{", "}", "(", ")", "[", "]", ":", "@", "$", "!", "=", "|", "&"),
)
_ALIASES = " ".join(f"a{n}: __typename" for n in range(16))


def _read_by_graphql_core(document: str) -> int:
    """How many tokens and comments. Raises `GraphQLSyntaxError`."""
    lexer, token, count = Lexer(Source(document)), Token(TokenKind.SOF, 0, 0, 0, 0), 0
    while (token := lexer.read_next_token(token.end)).kind is not TokenKind.EOF:
        count += 1
    return count


@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
def test_tokens_are_those_of_graphql_core(document: str) -> None:
    try:
        read = _read_by_graphql_core(document)
    except GraphQLSyntaxError:
        assume(False)
    assert scan(document, _LIMITS) == read


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{ nodes(ids: [" + "1-" * 2_000 + "1]) { id } }", "TOO_MANY_TOKENS"),
        (f'query($s: String = """\\\\""" """) {{ {_ALIASES} }} #"""', "TOO_MANY_ALIASES"),
        (f'query($s: String = """\\\\"""" """) {{ {_ALIASES} }} #"""', "TOO_MANY_ALIASES"),
    ],
)
def test_nothing_hides_in_a_number_or_a_string(document: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        scan(document, _LIMITS)
    assert refused.value.refusal.code == code


@pytest.mark.parametrize("document", ['"' + '\\"' * 30_000, '"""' + '\\"""' * 15_000, '"""' + '"\\' * 30_000])
def test_a_string_without_an_end_is_looked_at_once(document: str) -> None:
    """And not again from each of its quotes."""
    assert scan(document, _LIMITS) == 1


def test_comments_are_read_and_paid_for() -> None:
    assert scan("# one\n{ __typename } # two", _LIMITS) == 5
