"""`make run` installs requirements.txt alone: it must have all that the package imports."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent


def _imported() -> Iterator[str]:
    """Top-level packages that are neither ours nor Python's."""
    for path in [*(ROOT / "fleet_api").rglob("*.py"), *(ROOT / "alembic").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            yield from (name.partition(".")[0] for name in names)


def _normalized(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_what_is_imported_is_installed_to_run() -> None:
    locked = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    distributions = packages_distributions()
    imported = set(_imported()) - sys.stdlib_module_names - {"fleet_api"}
    assert "sqlalchemy" in imported
    missing = {name for name in imported if locked.isdisjoint(map(_normalized, distributions[name]))}
    assert not missing
