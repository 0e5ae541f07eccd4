"""Logs are JSON lines on standard error, and tell nothing personal."""

import json
import logging

import pytest
import structlog

from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.logs import configure_logs
from tests.support.api import Api
from tests.support.world import World


@pytest.fixture(autouse=True)
def configured() -> None:
    configure_logs()


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_each_event_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("x").warning("something_happened", number=7)
    line = _lines(capsys)[0]
    assert (line["event"], line["number"], line["level"]) == ("something_happened", 7, "warning")
    assert str(line["timestamp"]).endswith("Z")


def test_what_libraries_say_has_the_same_shape_and_no_text_of_errors(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError("Kari Nordmann, +4791234567")
    except ValueError:
        logging.getLogger("library").exception("it failed")
    line = _lines(capsys)[0]
    assert (line["logger"], line["error"]) == ("library", "ValueError")
    assert "Kari" not in str(line)


async def test_a_request_leaves_one_line_with_its_id_and_nothing_personal(
    api: Api, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    north = await world.provider()
    capsys.readouterr()
    document = """mutation($i: InviteDriverInput!) { inviteDriver(input: $i) { __typename ... on Driver { id } } }"""
    secret = {
        "fullName": "Kari Nordmann",
        "phone": "+4791234567",
        "email": "kari@example.com",
        "password": "a password of hers",
    }
    licence = {
        "licenceNumber": "L1234",
        "licenceCountry": "NO",
        "licenceClasses": ["B"],
        "licenceExpiresOn": "2040-01-01",
    }
    asked = api.as_role(Role.DISPATCHER, north.id)
    for _ in range(2):  # done, and refused
        await asked.execute(document, {"i": secret | licence}, x_request_id="request-0001")
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    assert [line["request_id"] for line in lines if line["event"] == "operation"] == ["request-0001"] * 2
    for value in [*secret.values(), "L1234", str(asked.token)]:
        assert str(value) not in written
