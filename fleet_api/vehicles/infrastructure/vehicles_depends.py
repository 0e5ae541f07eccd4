"""Where the use cases of vehicles, their models and their assignments meet their adapters."""

from fleet_api.drivers.infrastructure.repositories.postgres_driver_repository import PostgresDriverRepository
from fleet_api.fleet_providers.domain.fleet_provider_repository import Obligations
from fleet_api.fleet_providers.infrastructure.repositories.postgres_fleet_provider_repository import (
    PostgresFleetProviderRepository,
)
from fleet_api.shared.domain.events import EventPublisher
from fleet_api.shared.infrastructure.resources import Resources
from fleet_api.vehicles.application.assign_vehicle_interactor import AssignVehicleInteractor
from fleet_api.vehicles.application.count_provider_vehicles_interactor import CountProviderVehiclesInteractor
from fleet_api.vehicles.application.import_vehicle_models_interactor import ImportVehicleModelsInteractor
from fleet_api.vehicles.application.list_provider_vehicles_interactor import ListProviderVehiclesInteractor
from fleet_api.vehicles.application.list_vehicle_assignments_interactor import ListVehicleAssignmentsInteractor
from fleet_api.vehicles.application.list_vehicle_models_interactor import ListVehicleModelsInteractor
from fleet_api.vehicles.application.list_vehicles_interactor import ListVehiclesInteractor
from fleet_api.vehicles.application.read_current_drivers_interactor import ReadCurrentDriversInteractor
from fleet_api.vehicles.application.read_current_vehicles_interactor import ReadCurrentVehiclesInteractor
from fleet_api.vehicles.application.read_vehicle_assignments_interactor import ReadVehicleAssignmentsInteractor
from fleet_api.vehicles.application.read_vehicle_models_interactor import ReadVehicleModelsInteractor
from fleet_api.vehicles.application.read_vehicles_interactor import ReadVehiclesInteractor
from fleet_api.vehicles.application.register_vehicle_interactor import RegisterVehicleInteractor
from fleet_api.vehicles.application.release_vehicle_interactor import ReleaseVehicleInteractor
from fleet_api.vehicles.application.retire_vehicle_interactor import RetireVehicleInteractor
from fleet_api.vehicles.application.return_vehicle_to_service_interactor import ReturnVehicleToServiceInteractor
from fleet_api.vehicles.application.send_vehicle_to_maintenance_interactor import SendVehicleToMaintenanceInteractor
from fleet_api.vehicles.application.update_vehicle_interactor import UpdateVehicleInteractor
from fleet_api.vehicles.infrastructure.repositories.postgres_vehicle_assignment_repository import (
    PostgresVehicleAssignmentRepository,
)
from fleet_api.vehicles.infrastructure.repositories.postgres_vehicle_model_repository import (
    PostgresVehicleModelRepository,
)
from fleet_api.vehicles.infrastructure.repositories.postgres_vehicle_obligations import PostgresVehicleObligations
from fleet_api.vehicles.infrastructure.repositories.postgres_vehicle_repository import PostgresVehicleRepository


def register_vehicle_depends(resources: Resources) -> RegisterVehicleInteractor:
    connection = resources.connection
    return RegisterVehicleInteractor(
        PostgresVehicleRepository(connection),
        PostgresVehicleModelRepository(connection),
        PostgresFleetProviderRepository(connection),
        resources.events,
        resources.viewer,
    )


def update_vehicle_depends(resources: Resources) -> UpdateVehicleInteractor:
    return UpdateVehicleInteractor(*_what_changes_need(resources))


def assign_vehicle_depends(resources: Resources) -> AssignVehicleInteractor:
    connection = resources.connection
    return AssignVehicleInteractor(
        PostgresVehicleRepository(connection),
        PostgresVehicleAssignmentRepository(connection),
        PostgresDriverRepository(connection),
        PostgresFleetProviderRepository(connection),
        resources.events,
        resources.services.now,
    )


def release_vehicle_depends(resources: Resources) -> ReleaseVehicleInteractor:
    connection = resources.connection
    return ReleaseVehicleInteractor(
        PostgresVehicleRepository(connection),
        PostgresVehicleAssignmentRepository(connection),
        resources.events,
        resources.services.now,
    )


def send_vehicle_to_maintenance_depends(resources: Resources) -> SendVehicleToMaintenanceInteractor:
    return SendVehicleToMaintenanceInteractor(*_what_changes_need(resources))


def return_vehicle_to_service_depends(resources: Resources) -> ReturnVehicleToServiceInteractor:
    return ReturnVehicleToServiceInteractor(*_what_changes_need(resources))


def retire_vehicle_depends(resources: Resources) -> RetireVehicleInteractor:
    return RetireVehicleInteractor(*_what_changes_need(resources))


def read_vehicles_depends(resources: Resources) -> ReadVehiclesInteractor:
    return ReadVehiclesInteractor(PostgresVehicleRepository(resources.connection))


def list_vehicles_depends(resources: Resources) -> ListVehiclesInteractor:
    return ListVehiclesInteractor(PostgresVehicleRepository(resources.connection))


def list_provider_vehicles_depends(resources: Resources) -> ListProviderVehiclesInteractor:
    return ListProviderVehiclesInteractor(PostgresVehicleRepository(resources.connection))


def count_provider_vehicles_depends(resources: Resources) -> CountProviderVehiclesInteractor:
    return CountProviderVehiclesInteractor(PostgresVehicleRepository(resources.connection))


def read_current_vehicles_depends(resources: Resources) -> ReadCurrentVehiclesInteractor:
    return ReadCurrentVehiclesInteractor(PostgresVehicleAssignmentRepository(resources.connection))


def read_current_drivers_depends(resources: Resources) -> ReadCurrentDriversInteractor:
    return ReadCurrentDriversInteractor(PostgresVehicleAssignmentRepository(resources.connection))


def read_vehicle_assignments_depends(resources: Resources) -> ReadVehicleAssignmentsInteractor:
    return ReadVehicleAssignmentsInteractor(PostgresVehicleAssignmentRepository(resources.connection))


def list_vehicle_assignments_depends(resources: Resources) -> ListVehicleAssignmentsInteractor:
    return ListVehicleAssignmentsInteractor(PostgresVehicleAssignmentRepository(resources.connection).pages_of_vehicles)


def list_driver_assignments_depends(resources: Resources) -> ListVehicleAssignmentsInteractor:
    return ListVehicleAssignmentsInteractor(PostgresVehicleAssignmentRepository(resources.connection).pages_of_drivers)


def read_vehicle_models_depends(resources: Resources) -> ReadVehicleModelsInteractor:
    return ReadVehicleModelsInteractor(PostgresVehicleModelRepository(resources.connection))


def list_vehicle_models_depends(resources: Resources) -> ListVehicleModelsInteractor:
    return ListVehicleModelsInteractor(PostgresVehicleModelRepository(resources.connection))


def import_vehicle_models_depends(resources: Resources) -> ImportVehicleModelsInteractor:
    return ImportVehicleModelsInteractor(PostgresVehicleModelRepository(resources.connection))


def vehicle_obligations_depends(resources: Resources) -> Obligations:
    """What keeps a provider from being closed."""
    return PostgresVehicleObligations(resources.connection)


def _what_changes_need(
    resources: Resources,
) -> tuple[PostgresVehicleRepository, EventPublisher, PostgresVehicleAssignmentRepository]:
    connection = resources.connection
    return PostgresVehicleRepository(connection), resources.events, PostgresVehicleAssignmentRepository(connection)
