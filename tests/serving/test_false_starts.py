"""A server that cannot start says why in one line, and gives no secret away with it."""

import socket

from tests.support.serve import Serving


def test_a_port_that_is_taken_is_said_in_a_line_before_anything_starts(serving: Serving) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        serving.spawn(FLEET_PORT=str(port))
        code, said = serving.ended()
    assert (code, said.count("\n")) == (1, 1)
    assert f"port {port}: it is taken" in said
    assert not serving.data_dir.exists()
    assert serving.left() == []


def test_a_database_that_cannot_be_reached_is_said_in_a_line(serving: Serving) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # ours, and nobody listens on it
        serving.spawn(FLEET_DATABASE_URL=f"postgresql://fleet:secret@127.0.0.1:{closed.getsockname()[1]}/fleet")
        code, said = serving.ended()
    assert (code, said.count("\n")) == (1, 1)
    assert "FLEET_DATABASE_URL" in said
    assert "secret" not in said


def test_an_address_of_a_database_that_is_none_is_said_in_a_line(serving: Serving) -> None:
    serving.spawn(FLEET_DATABASE_URL="fleet:secret")
    code, said = serving.ended()
    assert (code, said.count("\n")) == (1, 1)
    assert "postgresql://user:password@host/database" in said
    assert "secret" not in said
