from typing import Any, TypeVar

from fleet_api.drivers.domain.entities.driver_session import DriverSession
from fleet_api.drivers.domain.session_repository import SessionRepository
from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.deed import Deed
from fleet_api.shared.domain.dto import CommandDto
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext
from fleet_api.shared.domain.permission import Permission, Role
from fleet_api.shared.domain.viewer import Viewer

C = TypeVar("C", bound=CommandDto)


class SessionInteractor(BaseInteractor[C, DriverSession]):
    """Opens a driver's session, goes on with it or ends it. Nobody is known to ask: the proof tells who it is."""

    requires = Permission.SIGN_IN

    def __init__(self, sessions: SessionRepository) -> None:
        self._sessions = sessions
        self._tried = Deed()
        """Whose session it would be, as far as is known before it is proven."""

    def deed(self, dto: C, output: OutputContext[Any]) -> Deed:
        if isinstance(output, OutputErrorContext):
            return self._tried
        session: DriverSession = output.data
        driver = Viewer(str(session.driver_id), Role.DRIVER, session.fleet_provider_id)
        return Deed("Driver", session.driver_id, session.fleet_provider_id, driver)
