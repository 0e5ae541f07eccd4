"""The kinds of values that this context's inputs are made of, each with its check and its typed refusal."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from fleet_api.shared.domain.input_errors import Problem
from fleet_api.shared.domain.text import Text
from fleet_api.vehicles.domain.vin import VinProblem, vin_problem

# What GraphQL's Int carries: two million kilometres.
MAX_ODOMETER_M = 2**31 - 1

_VIN_PROBLEMS: dict[VinProblem, Text] = {
    "length": Text("A VIN has 17 characters.", "Un VIN tiene 17 caracteres."),
    "characters": Text(
        "A VIN has digits and the letters A to Z, but not I, O and Q.",
        "Un VIN tiene cifras y letras de la A a la Z, salvo I, O y Q.",
    ),
    "check_digit": Text(
        "The check digit (9th character) does not fit: some character is wrong.",
        "El dígito de control (9.º carácter) no coincide: algún carácter es erróneo.",
    ),
}
# Letters and digits of any script, in groups.
_PLATE = re.compile(r"[^\W_]+([ -][^\W_]+)*")


def _vin(value: str) -> str:
    problem = vin_problem(value)
    if problem:
        raise Problem("INVALID_VIN", _VIN_PROBLEMS[problem])
    return value


def bare_plate(plate: str) -> str:
    """What tells a plate from others: "EL 12345", "EL-12345" and "EL12345" are one."""
    return "".join(plate.replace("-", " ").split())


def _plate(value: str) -> str:
    value = " ".join(value.split())
    if not _PLATE.fullmatch(value):
        raise Problem(
            "INVALID_PLATE",
            Text(
                "A plate has letters and digits, with single spaces or hyphens between.",
                "Una matrícula tiene letras y cifras, con espacios o guiones sueltos entre ellas.",
            ),
        )
    return value


Vin = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=64), AfterValidator(_vin)]
Plate = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, min_length=1, max_length=16), AfterValidator(_plate)
]
BatteryKwh = Annotated[float, Field(ge=1, le=2_000)]
OdometerM = Annotated[int, Field(ge=0, le=MAX_ODOMETER_M)]
StateOfChargePct = Annotated[float, Field(ge=0, le=100)]
