from collections.abc import Mapping, Sequence
from operator import attrgetter
from uuid import UUID

from sqlalchemy import bindparam, insert, select

from fleet_api.shared.domain.audit_entry import AuditEntry
from fleet_api.shared.domain.audit_entry_dto import AuditEntryOrder, AuditEntryOrderField
from fleet_api.shared.domain.audit_trail import AuditListing, AuditTrail
from fleet_api.shared.domain.ids import created_at
from fleet_api.shared.domain.page import Page
from fleet_api.shared.infrastructure.audit.audit_table import audit_entries
from fleet_api.shared.infrastructure.keyset import Keyset, Order
from fleet_api.shared.infrastructure.prepared import Prepared
from fleet_api.shared.infrastructure.statements import among, given
from fleet_api.shared.infrastructure.tenancy import TenantConnection

_told = audit_entries.c
_NAMES = _told.keys()
_VALUES = attrgetter(*_NAMES)
_ADDED = Prepared(insert(audit_entries))
# By the times that the ids carry, so that only their partitions are looked into.
_BY_IDS = Prepared(select(audit_entries).where(among(_told.id, "ids"), among(_told.occurred_at, "times")), AuditEntry)
_ORDERS = {AuditEntryOrderField.OCCURRED_AT: _told.occurred_at}
_LISTED = Keyset(
    audit_entries,
    AuditEntry,
    _told.actor == bindparam("actor"),
    _told.action == bindparam("action"),
    _told.entity_id == bindparam("entity_id"),
    _told.occurred_at >= bindparam("from_"),
    _told.occurred_at < bindparam("to"),
    _told.outcome == bindparam("outcome"),
)


class PostgresAuditTrail(AuditTrail):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def add(self, entry: AuditEntry) -> None:
        await self._connection.write(_ADDED, **dict(zip(_NAMES, _VALUES(entry), strict=True)))

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, AuditEntry]:
        found = await self._connection.read(_BY_IDS, ids=ids, times=[created_at(id) for id in ids])
        return {entry.id: entry for entry in found}

    async def page(self, listing: AuditListing) -> Page[AuditEntry]:
        by = listing.order_by or AuditEntryOrder()
        order = Order(_ORDERS[by.field], by.direction)
        return await _LISTED.page(self._connection, listing.page, order, given(listing.filter))
