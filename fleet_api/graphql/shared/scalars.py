"""Scalars in the words of their specifications."""

from datetime import date, datetime

import strawberry
from strawberry.types.scalar import ScalarDefinition

SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant, ISO 8601 with a zone, such as `2026-01-31T08:00:00Z`. Answers are in UTC.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time",
        serialize=datetime.isoformat,
        parse_value=datetime.fromisoformat,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A day of the calendar, ISO 8601, such as `2026-01-31`.",
        specified_by_url="https://scalars.graphql.org/andimarek/local-date",
        serialize=date.isoformat,
        parse_value=date.fromisoformat,
    ),
}
