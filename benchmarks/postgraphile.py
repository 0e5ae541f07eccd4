"""PostGraphile's part: whether it can be had, the questions in the words of its schema, and its answers in ours."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from strawberry.relay import from_base64, to_base64

from benchmarks import node
from benchmarks.node import find_npm, version_of
from benchmarks.workloads import PROVIDER, SKIPPED, Workload

HERE = Path(__file__).parent / "servers" / "postgraphile"

A = """query A($provider: UUID!, $id: UUID!) {
  driver: driverByFleetProviderIdAndRowId(fleetProviderId: $provider, rowId: $id) {
    id: rowId fullName phone email locale licenceNumber licenceCountry licenceExpiresOn status version } }"""
B = """query B($provider: UUID!) { drivers(condition: {fleetProviderId: $provider}, first: 50) { edges { node {
  id: rowId fullName locale status
  assignments(filter: {endedAt: {isNull: true}}, first: 1, orderBy: [NATURAL]) { nodes {
    vehicle { id: rowId vin plate plateCountry usableBatteryKwh status odometerM version
      latestTelemetry { recordedAt latitude longitude speedKph stateOfChargePct odometerM } } } } } } } }"""
C = """query C($provider: UUID!, $after: Cursor!, $from: Datetime!, $to: Datetime!) {
  drivers(condition: {fleetProviderId: $provider}, first: 20, after: $after) { edges { node { id: rowId fullName
    assignments(first: 5, orderBy: [STARTED_AT_DESC, ROW_ID_DESC]) { edges { node { id: rowId startedAt endedAt
      vehicle { id: rowId plate
        telemetry(first: 5, orderBy: [PRIMARY_KEY_DESC], filter: {
          recordedAt: {greaterThanOrEqualTo: $from, lessThan: $to} }) { edges { node {
            recordedAt latitude longitude speedKph stateOfChargePct } } } } } } } } } } }"""
D = """query D($provider: UUID!, $south: Float!, $west: Float!, $north: Float!, $east: Float!) {
  vehiclesWithin(provider: $provider, south: $south, west: $west, north: $north, east: $east, first: 500) {
    edges { node { __typename id: rowId vin plate plateCountry usableBatteryKwh status odometerM version } } } }"""
CURSOR = """query Cursor($provider: UUID!, $first: Int!) {
  drivers(condition: {fleetProviderId: $provider}, first: $first) { pageInfo { endCursor } } }"""
DOCUMENTS = {"A": A, "B": B, "C": C, "D": D}


def install() -> str | None:
    """None, or why it cannot take part."""
    return node.install(HERE)


def command() -> list[str]:
    return node.command(HERE)


def versions() -> dict[str, str]:
    npm = find_npm()
    wanted = orjson.loads((HERE / "package.json").read_bytes())["dependencies"]
    return {"PostGraphile": wanted["postgraphile"], "Node": version_of(npm)} if npm else {}


def bodies(workload: Workload, **more: Any) -> list[bytes]:
    """Of its requests, with these variables too."""
    document = DOCUMENTS[workload.operation]
    return [_body(document, workload.operation, {**_translated(each), **more}) for each in workload.variables]


def cursor_body() -> bytes:
    """Asks for the cursor behind which the page of C begins, as `endCursor`."""
    return _body(CURSOR, "Cursor", {"first": SKIPPED})


def _body(document: str, operation: str, variables: Mapping[str, Any]) -> bytes:
    named = {"provider": str(PROVIDER), **variables}
    return orjson.dumps({"query": document, "operationName": operation, "variables": named})


def _translated(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Its ids are bare, and a box is four numbers."""
    if "id" in variables:
        return {"id": from_base64(variables["id"])[1]}
    return dict(variables.get("box", variables))


def as_ours(workload: Workload, data: Any) -> Any:
    """Its answer in the shape of ours."""
    if workload.operation == "A":
        return {"driver": _with_id("Driver", data["driver"])}
    if workload.operation == "D":
        return {"vehiclesWithin": _edges(_created(node) for node in _nodes(data["vehiclesWithin"]))}
    present = _holder if workload.operation == "B" else _with_history
    return {"drivers": _edges(present(node) for node in _nodes(data["drivers"]))}


def _holder(driver: dict[str, Any]) -> dict[str, Any]:
    held = driver.pop("assignments")["nodes"]
    return {**_with_id("Driver", driver), "currentVehicle": _vehicle(held[0]["vehicle"]) if held else None}


def _with_history(driver: dict[str, Any]) -> dict[str, Any]:
    assignments = [
        {**_with_id("VehicleAssignment", node), "vehicle": _with_id("Vehicle", node["vehicle"])}
        for node in _nodes(driver["assignments"])
    ]
    return {**_with_id("Driver", driver), "assignments": _edges(assignments)}


def _created(vehicle: dict[str, Any]) -> dict[str, Any]:
    """With what the id tells, which PostGraphile cannot read out of it."""
    milliseconds = UUID(vehicle["id"]).int >> 80
    return {**_vehicle(vehicle), "createdAt": datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()}


def _vehicle(vehicle: dict[str, Any]) -> dict[str, Any]:
    """A BIGINT comes as a string."""
    return {**_with_id("Vehicle", vehicle), "odometerM": int(vehicle["odometerM"])}


def _with_id(kind: str, node: dict[str, Any]) -> dict[str, Any]:
    return {**node, "id": to_base64(kind, node["id"])}


def _nodes(connection: dict[str, Any]) -> list[dict[str, Any]]:
    return [edge["node"] for edge in connection["edges"]]


def _edges(nodes: Any) -> dict[str, Any]:
    return {"edges": [{"node": node} for node in nodes]}
