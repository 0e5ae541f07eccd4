"""Where the use cases of telemetry meet their adapters."""

from collections.abc import Callable

from sqlalchemy import func, select

from fleet_api.fleet_providers.infrastructure.repositories.postgres_fleet_provider_repository import (
    PostgresFleetProviderRepository,
)
from fleet_api.shared.application.maintain_partitions_interactor import MaintainPartitionsInteractor
from fleet_api.shared.infrastructure.postgres_weekly_partitions import PostgresWeeklyPartitions
from fleet_api.shared.infrastructure.resources import Resources
from fleet_api.telemetry.application.begin_ingest_interactor import BeginIngestInteractor
from fleet_api.telemetry.application.create_geofence_interactor import CreateGeofenceInteractor
from fleet_api.telemetry.application.delete_geofence_interactor import DeleteGeofenceInteractor
from fleet_api.telemetry.application.follow_positions_interactor import FollowPositionsInteractor
from fleet_api.telemetry.application.ingest_telemetry_interactor import IngestTelemetryInteractor
from fleet_api.telemetry.application.list_geofence_crossings_interactor import ListGeofenceCrossingsInteractor
from fleet_api.telemetry.application.list_geofences_interactor import ListGeofencesInteractor
from fleet_api.telemetry.application.list_low_batteries_interactor import ListLowBatteriesInteractor
from fleet_api.telemetry.application.list_positions_interactor import ListPositionsInteractor
from fleet_api.telemetry.application.list_vehicle_telemetry_interactor import ListVehicleTelemetryInteractor
from fleet_api.telemetry.application.list_vehicle_trips_interactor import ListVehicleTripsInteractor
from fleet_api.telemetry.application.list_vehicles_within_interactor import ListVehiclesWithinInteractor
from fleet_api.telemetry.application.measure_vehicles_interactor import MeasureVehiclesInteractor
from fleet_api.telemetry.application.read_geofence_crossings_interactor import ReadGeofenceCrossingsInteractor
from fleet_api.telemetry.application.read_geofences_interactor import ReadGeofencesInteractor
from fleet_api.telemetry.application.read_latest_telemetry_interactor import ReadLatestTelemetryInteractor
from fleet_api.telemetry.application.read_telemetry_points_interactor import ReadTelemetryPointsInteractor
from fleet_api.telemetry.application.read_trip_paths_interactor import ReadTripPathsInteractor
from fleet_api.telemetry.application.read_trips_interactor import ReadTripsInteractor
from fleet_api.telemetry.application.reception import Reception
from fleet_api.telemetry.application.record_telemetry_interactor import RecordTelemetryInteractor
from fleet_api.telemetry.domain.ingest_dto import RefusedLines
from fleet_api.telemetry.domain.telemetry_repository import TelemetryRepository
from fleet_api.telemetry.infrastructure.repositories.postgres_geofence_repository import PostgresGeofenceRepository
from fleet_api.telemetry.infrastructure.repositories.postgres_reporting_vehicles import PostgresReportingVehicles
from fleet_api.telemetry.infrastructure.repositories.postgres_telemetry_bulk import PostgresTelemetryBulk
from fleet_api.telemetry.infrastructure.repositories.postgres_telemetry_ingests import PostgresTelemetryIngests
from fleet_api.telemetry.infrastructure.repositories.postgres_telemetry_repository import PostgresTelemetryRepository
from fleet_api.telemetry.infrastructure.repositories.postgres_trip_repository import PostgresTripRepository
from fleet_api.telemetry.infrastructure.repositories.postgres_vehicle_search import PostgresVehicleSearch
from fleet_api.telemetry.infrastructure.repositories.telemetry_table import latest_telemetry, telemetry_points
from fleet_api.telemetry.infrastructure.transaction_movements import TransactionMovements

_NEWEST_POINT = select(func.max(latest_telemetry.c.recorded_at))


def record_telemetry_depends(resources: Resources) -> RecordTelemetryInteractor:
    connection = resources.connection
    return RecordTelemetryInteractor(
        _reception(resources, PostgresTelemetryBulk(connection, resources.transaction)),
        PostgresReportingVehicles(connection),
        PostgresTripRepository(connection),
        PostgresGeofenceRepository(connection),
        resources.events,
    )


def begin_ingest_depends(resources: Resources) -> BeginIngestInteractor:
    return BeginIngestInteractor(PostgresTelemetryIngests(resources.transaction))


def ingest_telemetry_depends(
    refused: RefusedLines, meanwhile: Callable[[], None]
) -> Callable[[Resources], IngestTelemetryInteractor]:
    """meanwhile: is called when there is time, as PostgreSQL works."""

    def ingest_telemetry(resources: Resources) -> IngestTelemetryInteractor:
        return IngestTelemetryInteractor(
            _reception(resources, PostgresTelemetryBulk(resources.connection, resources.transaction, meanwhile)),
            PostgresReportingVehicles(resources.connection),
            PostgresTelemetryIngests(resources.transaction),
            refused,
        )

    return ingest_telemetry


def _reception(resources: Resources, telemetry: TelemetryRepository) -> Reception:
    return Reception(
        PostgresReportingVehicles(resources.connection),
        telemetry,
        TransactionMovements(resources.transaction),
        resources.services.telemetry_retention,
        resources.services.now,
    )


def read_telemetry_points_depends(resources: Resources) -> ReadTelemetryPointsInteractor:
    return ReadTelemetryPointsInteractor(PostgresTelemetryRepository(resources.connection))


def read_latest_telemetry_depends(resources: Resources) -> ReadLatestTelemetryInteractor:
    return ReadLatestTelemetryInteractor(PostgresTelemetryRepository(resources.connection))


def list_vehicle_telemetry_depends(resources: Resources) -> ListVehicleTelemetryInteractor:
    return ListVehicleTelemetryInteractor(PostgresTelemetryRepository(resources.connection), resources.services.now)


def measure_vehicles_depends(resources: Resources) -> MeasureVehiclesInteractor:
    return MeasureVehiclesInteractor(PostgresTelemetryRepository(resources.connection), resources.services.now)


def follow_positions_depends(_: Resources) -> FollowPositionsInteractor:
    return FollowPositionsInteractor()


def list_positions_depends(resources: Resources) -> ListPositionsInteractor:
    return ListPositionsInteractor(PostgresTelemetryRepository(resources.connection))


def list_low_batteries_depends(resources: Resources) -> ListLowBatteriesInteractor:
    return ListLowBatteriesInteractor(PostgresTelemetryRepository(resources.connection))


def list_vehicles_within_depends(resources: Resources) -> ListVehiclesWithinInteractor:
    return ListVehiclesWithinInteractor(PostgresVehicleSearch(resources.connection))


def read_trips_depends(resources: Resources) -> ReadTripsInteractor:
    return ReadTripsInteractor(PostgresTripRepository(resources.connection))


def read_trip_paths_depends(resources: Resources) -> ReadTripPathsInteractor:
    return ReadTripPathsInteractor(PostgresTripRepository(resources.connection))


def list_vehicle_trips_depends(resources: Resources) -> ListVehicleTripsInteractor:
    return ListVehicleTripsInteractor(PostgresTripRepository(resources.connection))


def create_geofence_depends(resources: Resources) -> CreateGeofenceInteractor:
    connection = resources.connection
    return CreateGeofenceInteractor(
        PostgresGeofenceRepository(connection), PostgresFleetProviderRepository(connection), resources.viewer
    )


def delete_geofence_depends(resources: Resources) -> DeleteGeofenceInteractor:
    return DeleteGeofenceInteractor(PostgresGeofenceRepository(resources.connection))


def read_geofences_depends(resources: Resources) -> ReadGeofencesInteractor:
    return ReadGeofencesInteractor(PostgresGeofenceRepository(resources.connection))


def list_geofences_depends(resources: Resources) -> ListGeofencesInteractor:
    return ListGeofencesInteractor(PostgresGeofenceRepository(resources.connection))


def read_geofence_crossings_depends(resources: Resources) -> ReadGeofenceCrossingsInteractor:
    return ReadGeofenceCrossingsInteractor(PostgresGeofenceRepository(resources.connection))


def list_geofence_crossings_depends(resources: Resources) -> ListGeofenceCrossingsInteractor:
    return ListGeofenceCrossingsInteractor(PostgresGeofenceRepository(resources.connection))


def maintain_telemetry_depends(resources: Resources) -> MaintainPartitionsInteractor:
    partitions = PostgresWeeklyPartitions(resources.transaction.connection, telemetry_points, _NEWEST_POINT)
    return MaintainPartitionsInteractor(partitions, resources.services.now)
