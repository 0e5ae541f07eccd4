"""Strawberry's caches of parsed and of validated documents, for documents that parse and are not huge."""

from collections.abc import Iterator

from graphql import GraphQLSyntaxError
from strawberry.extensions import MaxTokensLimiter, ParserCache, ValidationCache
from strawberry.types.execution import ExecutionContext

MAX_TOKENS = 2_000
# A parsed document takes some fifty times its text; the caches hold 128 of them.
_LONGEST_KEPT = 16_384


class TokenLimit(MaxTokensLimiter):
    """So that nobody keeps the parser busy. What an operation works on belongs into its variables."""

    def __init__(self) -> None:
        super().__init__(max_token_count=MAX_TOKENS)


class ParsedOnce(ParserCache):
    def on_parse(self) -> Iterator[None]:
        """A syntax error raised from here would pass by all that presents errors; strawberry meets it once more."""
        context = self.execution_context
        if _is_kept(context):
            try:
                context.graphql_document = self.cached_parse_document(context.query or "", **context.parse_options)
            except GraphQLSyntaxError:
                context.graphql_document = None
        yield


class ValidatedOnce(ValidationCache):
    def on_validate(self) -> Iterator[None]:
        if _is_kept(self.execution_context):
            yield from super().on_validate()
        else:
            yield


def _is_kept(context: ExecutionContext) -> bool:
    return len(context.query or "") <= _LONGEST_KEPT
