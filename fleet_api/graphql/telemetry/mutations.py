from typing import Annotated

import strawberry

from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.mutation import mutation
from fleet_api.graphql.shared.refusals import Refusal, present
from fleet_api.graphql.telemetry.inputs import RecordTelemetryInput
from fleet_api.graphql.telemetry.types import TelemetryReceiptType
from fleet_api.telemetry.infrastructure.telemetry_depends import record_telemetry_depends

RecordTelemetryResult = Annotated[
    TelemetryReceiptType | Refusal,
    strawberry.union("RecordTelemetryResult", description="What became of the points, or why none was looked at."),
]


@strawberry.type
class TelemetryMutations:
    @mutation("Take in what vehicles tell, 5,000 points at most. A bad point is told of, and does not fail the others.")
    async def record_telemetry(self, info: Info, input: RecordTelemetryInput) -> RecordTelemetryResult:
        output = await info.context.submit(record_telemetry_depends, input)
        return present(output, info)
