"""Where the embedded server runs: any path, any user, and root without opening anything up."""

import multiprocessing
import os
import pwd
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from fleet_api.shared.infrastructure.embedded_postgres import EmbeddedPostgres
from fleet_api.shared.infrastructure.postgres_binaries import (
    EmbeddedPostgresError,
    PostgresBinaries,
    private_directory,
)

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a second account to run as")


@pytest.fixture
def open_dir() -> Iterator[Path]:
    """A directory that every account can enter."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)


async def data_directory(postgres_url: str) -> str:
    """Which data the server behind this address serves."""
    async with create_async_engine(postgres_url, poolclass=NullPool).connect() as connection:
        return str(await connection.scalar(text("show data_directory")))


def server_of(postgres: EmbeddedPostgres) -> psutil.Process:
    return psutil.Process(int((postgres.data_dir / "postmaster.pid").read_text().splitlines()[0]))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("name", ["d" * 120, "a comma, a blank + a plus"])
async def test_any_path_will_do(open_dir: Path, name: str) -> None:
    with EmbeddedPostgres(open_dir / name / "data", durable=False) as postgres:
        assert await data_directory(postgres.url()) == str(open_dir / name / "data")
    shutil.rmtree(private_directory(postgres.data_dir))


@only_root
async def test_root_keeps_the_data_where_it_was_asked_to_when_the_server_can_reach_it(open_dir: Path) -> None:
    with EmbeddedPostgres(open_dir / "data", durable=False) as postgres:
        assert await data_directory(postgres.url()) == str(open_dir / "data")
        assert server_of(postgres).username() == "nobody"


@only_root
async def test_under_a_closed_home_root_opens_nothing_up(open_dir: Path) -> None:
    home = open_dir / "home"
    home.mkdir(mode=0o700)
    for _ in ("first", "again"):
        with EmbeddedPostgres(home / "data", durable=False) as postgres:
            assert await data_directory(postgres.url()) == str(postgres.data_dir)
            assert postgres.data_dir.parent == private_directory(home / "data")
            assert mode(postgres.data_dir) == 0o700
    assert mode(home) == 0o700
    assert list(home.iterdir()) == []
    shutil.rmtree(postgres.data_dir.parent)


@only_root
async def test_programs_under_a_closed_home_run_from_a_copy(open_dir: Path) -> None:
    site = open_dir / "site"
    package = PostgresBinaries(None).directory.parents[1]
    for tree in package.parent.glob(f"{package.name}*"):
        shutil.copytree(tree, site / tree.name, symlinks=True)
    for path in site.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)  # as installed under umask 077
    binaries = site / package.name / "pginstall" / "bin"
    with EmbeddedPostgres(open_dir / "data", durable=False, binaries=binaries) as postgres:
        assert Path(server_of(postgres).exe()).is_relative_to(private_directory(binaries))
    assert mode(binaries) == 0o700
    shutil.rmtree(private_directory(binaries))


def serve_as_nobody(data_dir: Path, pipe: Connection) -> None:
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
    with EmbeddedPostgres(data_dir, durable=False) as postgres:
        pipe.send(postgres.url())
        pipe.recv()


@only_root
async def test_a_user_without_privileges_runs_it_too(open_dir: Path) -> None:
    os.chown(open_dir, pwd.getpwnam("nobody").pw_uid, -1)
    ours, theirs = multiprocessing.Pipe()
    # A fork, because the interpreter itself may be under a closed home.
    child = multiprocessing.get_context("fork").Process(
        target=serve_as_nobody, args=(open_dir / "data", theirs), daemon=True
    )
    child.start()
    theirs.close()
    assert await data_directory(ours.recv()) == str(open_dir / "data")
    ours.send("thanks")
    child.join()
    assert child.exitcode == 0


def test_somebody_elses_directory_is_not_trusted(tmp_path: Path) -> None:
    squatted = private_directory(tmp_path)
    squatted.rmdir()
    squatted.symlink_to(tmp_path)
    with pytest.raises(EmbeddedPostgresError, match="belongs to somebody else"):
        private_directory(tmp_path)
    squatted.unlink()


def test_without_programs_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EmbeddedPostgresError, match=r"no initdb in .*FLEET_PG_BIN"):
        EmbeddedPostgres(tmp_path / "data", binaries=tmp_path / "nowhere").start()
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)  # as when it is not installed
    with pytest.raises(EmbeddedPostgresError, match=r"fleet-api\[embedded\].*FLEET_PG_BIN.*FLEET_DATABASE_URL"):
        EmbeddedPostgres(tmp_path / "data").start()
