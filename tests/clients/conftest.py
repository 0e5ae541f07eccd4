"""Node, with the npm packages of this folder."""

from pathlib import Path

import pytest

from tests.support.npm import installed


@pytest.fixture(scope="session")
def node() -> str:
    npm = installed(Path(__file__).parent)
    if isinstance(npm, str):
        pytest.skip(npm)
    return str(npm.node)
