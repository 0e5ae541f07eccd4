from collections.abc import Sequence

from fleet_api.shared.domain.events import Event, EventPublisher
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.connections import Transaction

# Written by hand, beside tenancy: it writes only, and what it writes names its provider. One statement for any number
# of events claims the keys, moves the heads on (in one order, so that no two of us wait for each other), and numbers.
_PUBLISH = """
WITH given AS (
  SELECT * FROM unnest(
    $1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[]
  ) WITH ORDINALITY AS
    given (kind, subject_id, fleet_provider_id, driver_id, object_id, before, after, changed, key, place)
), claimed AS (
  INSERT INTO event_keys (subject_id, key, claimed_at)
  SELECT subject_id, key, now() FROM given WHERE key IS NOT NULL ORDER BY subject_id, key
  ON CONFLICT DO NOTHING RETURNING subject_id, key
), fresh AS (
  SELECT * FROM given WHERE key IS NULL UNION ALL (
    SELECT DISTINCT ON (subject_id, key) given.* FROM given JOIN claimed USING (subject_id, key)
    ORDER BY subject_id, key, place
  )
), heads AS (
  INSERT INTO event_streams AS stream (subject_id, head)
  SELECT subject_id, count(*) FROM fresh GROUP BY subject_id ORDER BY subject_id
  ON CONFLICT (subject_id) DO UPDATE SET head = stream.head + excluded.head RETURNING subject_id, head
)
INSERT INTO events (kind, subject_id, sequence, fleet_provider_id, driver_id, object_id, before, after, changed, actor)
SELECT kind, subject_id,
  head - count(*) OVER (PARTITION BY subject_id) + row_number() OVER (PARTITION BY subject_id ORDER BY place),
  fleet_provider_id, driver_id, object_id, before, after, string_to_array(changed, ','), $10
FROM fresh JOIN heads USING (subject_id) ORDER BY place
"""

_GIVEN = ("kind", "subject_id", "fleet_provider_id", "driver_id", "object_id", "before", "after")


class PostgresEventPublisher(EventPublisher):
    def __init__(self, transaction: Transaction, viewer: Viewer) -> None:
        self._transaction = transaction
        self._viewer = viewer

    async def publish(self, *events: Event) -> None:
        if not events:
            return
        await self._transaction.fetch(_PUBLISH, [*_columns(events), self._viewer.actor])
        self._transaction.told += events

    def by(self, viewer: Viewer) -> EventPublisher:
        return PostgresEventPublisher(self._transaction, viewer)


def _columns(events: Sequence[Event]) -> list[list[object]]:
    rows = ((*map(event.__getattribute__, _GIVEN), ",".join(event.changed), event.key) for event in events)
    return [list(column) for column in zip(*rows, strict=True)]
