"""Entries of open-ev-data-dataset (one JSON object a line), as drafts of catalogue models.

What a line leaves open is refused rather than guessed: all 1,189 entries of the dataset state their net capacity,
so none is derived from the gross one, whose ratio to it runs from 0.86 to 1.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from fleet_api.vehicles.domain.connector_standard import ConnectorStandard

# By (kind, connector). The inlet of a combined system takes the plain AC plug as well.
_CONNECTORS: dict[tuple[str, str], tuple[ConnectorStandard, ...]] = {
    ("combo", "ccs1"): (ConnectorStandard.IEC_62196_T1_COMBO, ConnectorStandard.IEC_62196_T1),
    ("combo", "ccs2"): (ConnectorStandard.IEC_62196_T2_COMBO, ConnectorStandard.IEC_62196_T2),
    ("combo", "gb_t_dc"): (ConnectorStandard.GBT_DC, ConnectorStandard.GBT_AC),
    ("combo", "nacs"): (ConnectorStandard.SAE_J3400,),
    ("dc_only", "chademo"): (ConnectorStandard.CHADEMO,),
    ("dc_only", "gb_t_dc"): (ConnectorStandard.GBT_DC,),
    ("ac_only", "gb_t_ac"): (ConnectorStandard.GBT_AC,),
    ("ac_only", "type1"): (ConnectorStandard.IEC_62196_T1,),
    ("ac_only", "type2"): (ConnectorStandard.IEC_62196_T2,),
}

# A rating by WLTP is the nearest to a day's work, EPA the next; the Chinese, old European, Japanese and the
# dataset's "other" cycles (Brazil's Inmetro, India's MIDC) flatter more.
_CYCLES = ("wltp", "epa", "cltc", "nedc", "jc08", "other")

_LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class ModelDraft:
    """A model before it has an id; (make, name, variant, year) tells it from all others."""

    make: str
    name: str
    variant: str
    year: int
    usable_battery_kwh: float
    connector_types: tuple[ConnectorStandard, ...]
    ac_max_kw: float
    dc_max_kw: float | None
    range_m: int | None


class RefusalCode(StrEnum):
    MALFORMED_JSON = "MALFORMED_JSON"
    NOT_AN_OBJECT = "NOT_AN_OBJECT"
    MISSING_FIELD = "MISSING_FIELD"
    INVALID_FIELD = "INVALID_FIELD"
    UNKNOWN_CONNECTOR = "UNKNOWN_CONNECTOR"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a line is no model: a stable code, and an English sentence that names the field."""

    code: RefusalCode
    reason: str


def parse_line(line: str) -> ModelDraft | Refusal:
    """The model of one line, or the first thing that stands in its way. Never raises."""
    try:
        return _draft(_entry(line))
    except _RefusedError as refused:
        return refused.refusal


def _entry(line: str) -> "_Section":
    try:
        entry = json.loads(line)
    except RecursionError:
        raise _RefusedError(RefusalCode.MALFORMED_JSON, "The line is nested too deeply.") from None
    except ValueError as error:  # also an integer of thousands of digits
        raise _RefusedError(RefusalCode.MALFORMED_JSON, f"The line is not JSON: {error}.") from None
    if not isinstance(entry, dict):
        raise _RefusedError(RefusalCode.NOT_AN_OBJECT, "The line is JSON, but not an object.")
    return _Section(entry)


def _draft(entry: "_Section") -> ModelDraft:
    charging = entry.section("charging")
    dc = charging.optional_section("dc")
    return ModelDraft(
        make=entry.section("make").text("name"),
        name=entry.section("model").text("name"),
        variant=_variant(entry),
        year=entry.whole_number("year", at_least=1990, at_most=2100),
        usable_battery_kwh=entry.section("battery").number("pack_capacity_kwh_net", at_least=1, at_most=2_000),
        connector_types=_connector_types(entry.sections("charge_ports")),
        ac_max_kw=charging.section("ac").number("max_power_kw", at_least=0.5, at_most=500),
        # Some plug-in hybrids state DC power and an AC port only; both are kept as stated.
        dc_max_kw=None if dc is None else dc.number("max_power_kw", at_most=5_000),
        range_m=_range_m(entry.optional_section("range")),
    )


def _variant(entry: "_Section") -> str:
    """One readable name for a trim and a variant of it.

    The dataset lists some cars as a trim ("LT") and again as a variant of that trim with the trim's name;
    the variant's kind ("LT (trim level)") tells the two apart.
    """
    trim = entry.section("trim").text("name")
    variant = entry.optional_section("variant")
    if variant is None:
        return trim
    name = variant.text("name")
    if name == trim:
        return f"{name} ({variant.text('kind').replace('_', ' ')})" if "kind" in variant else name
    if trim == "Base" or name.startswith(trim):
        return name
    return f"{trim} {name}"


def _connector_types(ports: Iterable["_Section"]) -> tuple[ConnectorStandard, ...]:
    """Without repetition, in the order of the ports."""
    found: dict[ConnectorStandard, None] = {}
    for port in ports:
        kind, connector = port.text("kind"), port.text("connector")
        if (kind, connector) not in _CONNECTORS:
            raise _RefusedError(RefusalCode.UNKNOWN_CONNECTOR, f"No standard is known for {connector} ({kind}).")
        found |= dict.fromkeys(_CONNECTORS[kind, connector])
    if not found:
        raise _RefusedError(RefusalCode.MISSING_FIELD, "charge_ports is empty.")
    return tuple(found)


def _range_m(ranges: "_Section | None") -> int | None:
    if ranges is None:
        return None
    by_cycle = {rated.text("cycle"): rated.number("range_km", at_most=5_000) for rated in ranges.sections("rated")}
    return next((round(by_cycle[cycle] * 1_000) for cycle in _CYCLES if cycle in by_cycle), None)


class _RefusedError(Exception):
    def __init__(self, code: RefusalCode, reason: str) -> None:
        self.refusal = Refusal(code, reason)


_T = TypeVar("_T")


class _Section:
    """An object inside the entry, which knows its own path, so that a refusal can name the field."""

    def __init__(self, values: dict[str, Any], path: str = "") -> None:
        self._values = values
        self._path = path

    def __contains__(self, key: str) -> bool:
        return self._values.get(key) is not None

    def section(self, key: str) -> "_Section":
        return _Section(self._typed(key, dict, "an object"), f"{self._path}{key}.")

    def optional_section(self, key: str) -> "_Section | None":
        return self.section(key) if key in self else None

    def sections(self, key: str) -> list["_Section"]:
        values = self._typed(key, list, "a list")
        if not all(isinstance(value, dict) for value in values):
            raise self._invalid(key, "a list of objects")
        return [_Section(value, f"{self._path}{key}[{index}].") for index, value in enumerate(values)]

    def text(self, key: str) -> str:
        value = self._typed(key, str, "a text").strip()
        # No NUL, no lone surrogate: neither can be stored.
        if not value or len(value) > _LONGEST_TEXT or not value.isprintable():
            raise self._invalid(key, f"a printable text of 1 to {_LONGEST_TEXT} characters")
        return value

    def whole_number(self, key: str, *, at_least: int, at_most: int) -> int:
        value = self.number(key, at_least=at_least, at_most=at_most)
        if not value.is_integer():
            raise self._invalid(key, "a whole number")
        return int(value)

    def number(self, key: str, *, at_least: float = 1, at_most: float) -> float:
        value = self._typed(key, (int, float), "a number")
        # Also false for NaN, which Python's JSON reader lets through; and true is no number here.
        if isinstance(value, bool) or not at_least <= value <= at_most:
            raise self._invalid(key, f"a number from {at_least:g} to {at_most:g}")
        return float(value)

    def _typed(self, key: str, kind: type[_T] | tuple[type[_T], ...], called: str) -> _T:
        value = self._values.get(key)
        if value is None:
            raise _RefusedError(RefusalCode.MISSING_FIELD, f"{self._path}{key} is missing.")
        if not isinstance(value, kind):
            raise self._invalid(key, called)
        return value

    def _invalid(self, key: str, expected: str) -> _RefusedError:
        return _RefusedError(RefusalCode.INVALID_FIELD, f"{self._path}{key} is not {expected}.")
