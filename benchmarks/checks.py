"""Before anything is measured: all servers answer the same."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import orjson

from benchmarks import postgraphile
from benchmarks.contestants import POSTGRAPHILE, Server, answers
from benchmarks.load import WrongAnswerError, ask
from benchmarks.workloads import Workload
from benchmarks.worlds import WRITES, Worlds

_SAMPLES = 5


class DifferentAnswersError(Exception):
    """The text tells who, in what, and where."""


def check(workload: Workload, servers: Iterable[Server], worlds: Worlds) -> int:
    """Ask all the same, and hold their answers against the first's, which is ours; the bytes that one answer has."""
    asked = [server for server in servers if answers(server.name, workload)]
    if workload.stamped:
        return max(_check_recorded(workload, server, worlds) for server in asked)
    size = 0
    for index in range(min(_SAMPLES, len(workload.variables))):
        expected: Any = None
        for server in asked:
            body = _answer(server, workload, server.requests(workload)[index])
            answer = _normal(server, workload, body)
            if expected is None:
                expected, size = answer, len(body)
            elif place := _difference(expected, answer, "data"):
                raise DifferentAnswersError(
                    f"{workload.name}: {server.name} does not answer as {asked[0].name} does, at {place}"
                )
    return size


def _answer(server: Server, workload: Workload, message: bytes) -> bytes:
    try:
        return ask(server.port, message)
    except WrongAnswerError as error:
        raise DifferentAnswersError(f"{workload.name}: {server.name} answers {error}") from None


def _check_recorded(workload: Workload, server: Server, worlds: Worlds) -> int:
    """Whether what one request told is there: its points, and each as the latest of its vehicle."""
    before = datetime.now(UTC)
    body = _answer(server, workload, next(server.streams(workload)[0]))
    count = len(workload.variables[0]["input"]["points"])
    receipt = {"accepted": count, "duplicate": 0, "late": 0, "rejected": 0}
    for table in ("telemetry_points", "latest_telemetry"):
        (row,) = worlds.rows(WRITES, f"SELECT count(*) AS found FROM {table} WHERE recorded_at >= $1", before)
        if row["found"] != count or orjson.loads(body)["data"]["recordTelemetry"] != receipt:
            raise DifferentAnswersError(
                f"{workload.name}: of {count} points, {row['found']} are in {table} after {server.name} said {body!r}"
            )
    return len(body)


def _normal(server: Server, workload: Workload, body: bytes) -> Any:
    data = orjson.loads(body)["data"]
    return _instants(postgraphile.as_ours(workload, data) if server.name == POSTGRAPHILE else data)


def _instants(value: Any) -> Any:
    """The same with every time of the day in one spelling."""
    if isinstance(value, dict):
        return {name: _instants(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_instants(each) for each in value]
    if isinstance(value, str) and len(value) > 18 and value[10] == "T":
        return datetime.fromisoformat(value).astimezone(UTC)
    return value


def _difference(expected: Any, answer: Any, place: str) -> str | None:
    """Where the two part first, and how; None where they do not. Nothing to compare is a difference too."""
    if expected in (None, []) and place.count(".") < 2:
        return f"{place}: nothing was found"
    if isinstance(expected, dict) and isinstance(answer, dict) and expected.keys() == answer.keys():
        parts = ((expected[name], answer[name], f"{place}.{name}") for name in expected)
    elif isinstance(expected, list) and isinstance(answer, list) and len(expected) == len(answer):
        pairs = enumerate(zip(expected, answer, strict=True))
        parts = ((one, other, f"{place}[{index}]") for index, (one, other) in pairs)
    else:
        return None if expected == answer else f"{place}: {str(answer)[:300]} and not {str(expected)[:300]}"
    return next((found for part in parts if (found := _difference(*part))), None)
