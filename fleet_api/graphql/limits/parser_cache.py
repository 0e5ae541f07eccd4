"""Strawberry's parser cache, for documents that parse."""

from collections.abc import Iterator

from graphql import GraphQLSyntaxError
from strawberry.extensions import ParserCache


class ParsedOnce(ParserCache):
    def on_parse(self) -> Iterator[None]:
        """A syntax error raised from here would pass by all that presents errors; strawberry meets it once more."""
        context = self.execution_context
        try:
            context.graphql_document = self.cached_parse_document(context.query or "", **context.parse_options)
        except GraphQLSyntaxError:
            context.graphql_document = None
        yield
