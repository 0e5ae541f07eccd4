import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from fleet_api.vehicles.domain.connector_standard import CONNECTOR_DESCRIPTIONS, ConnectorStandard
from fleet_api.vehicles.domain.open_ev_data import ModelDraft, Refusal, RefusalCode, parse_line

REPOSITORY = Path(__file__).resolve().parents[3]
MODELS = REPOSITORY.parent / "shared" / "data" / "open-ev-data" / "models.jsonl"


@pytest.fixture(scope="module")
def drafts() -> list[ModelDraft]:
    if not MODELS.exists():
        pytest.skip("open-ev-data is not beside the repository (../shared/data/open-ev-data/models.jsonl)")
    outcomes = [parse_line(line) for line in MODELS.read_text(encoding="utf-8").splitlines()]
    assert [outcome for outcome in outcomes if isinstance(outcome, Refusal)] == []
    return [outcome for outcome in outcomes if isinstance(outcome, ModelDraft)]


def test_all_entries_of_the_dataset_become_models(drafts: list[ModelDraft]) -> None:
    assert len(drafts) == 1_189


def test_no_two_models_bear_the_same_make_name_variant_and_year(drafts: list[ModelDraft]) -> None:
    seen = Counter((draft.make, draft.name, draft.variant, draft.year) for draft in drafts)
    assert [key for key, count in seen.items() if count > 1] == []


def test_the_dataset_is_mapped_faithfully(drafts: list[ModelDraft]) -> None:
    entries = [json.loads(line) for line in MODELS.read_text(encoding="utf-8").splitlines()]
    for entry, draft in zip(entries, drafts, strict=True):
        assert draft.usable_battery_kwh == entry["battery"]["pack_capacity_kwh_net"]
        assert draft.ac_max_kw == entry["charging"]["ac"]["max_power_kw"]
        assert draft.dc_max_kw == entry["charging"].get("dc", {}).get("max_power_kw")
        rated = {rating["cycle"]: rating["range_km"] * 1_000 for rating in entry["range"]["rated"]}
        assert draft.range_m == rated.get("wltp", rated.get("epa", draft.range_m))
        assert draft.range_m in rated.values()
        assert len(set(draft.connector_types)) == len(draft.connector_types) > 0


def test_a_combined_inlet_takes_the_plain_ac_plug_too() -> None:
    draft = parse_line(line())
    assert draft == ModelDraft(
        make="Audi",
        name="Q4 e-tron",
        variant="40 Sportback",
        year=2024,
        usable_battery_kwh=77.0,
        connector_types=(ConnectorStandard.IEC_62196_T2_COMBO, ConnectorStandard.IEC_62196_T2),
        ac_max_kw=11.0,
        dc_max_kw=135.0,
        range_m=520_000,
    )


@pytest.mark.parametrize(
    ("trim", "variant", "called"),
    [
        ("LT", None, "LT"),
        ("LT", {"name": "LT", "kind": "trim_level"}, "LT (trim level)"),
        ("LT", {"name": "LT"}, "LT"),
        ("Base", {"name": "100 kWh"}, "100 kWh"),
        ("Long Range", {"name": "Long Range AWD"}, "Long Range AWD"),
        ("Adventure", {"name": "Quad Motor"}, "Adventure Quad Motor"),
    ],
)
def test_trim_and_variant_make_one_name(trim: str, variant: dict[str, str] | None, called: str) -> None:
    draft = parse_line(line(trim={"name": trim}, variant=variant))
    assert isinstance(draft, ModelDraft)
    assert draft.variant == called


@pytest.mark.parametrize(
    ("rated", "range_m"),
    [
        ([{"cycle": "epa", "range_km": 400}, {"cycle": "wltp", "range_km": 480}], 480_000),
        ([{"cycle": "cltc", "range_km": 600}, {"cycle": "epa", "range_km": 400}], 400_000),
        ([{"cycle": "nedc", "range_km": 500}, {"cycle": "cltc", "range_km": 600}], 600_000),
        ([{"cycle": "by our own dog", "range_km": 500}], None),
        ([], None),
    ],
)
def test_wltp_is_preferred_for_the_range_then_epa(rated: list[dict[str, Any]], range_m: int | None) -> None:
    draft = parse_line(line(range={"rated": rated}))
    assert isinstance(draft, ModelDraft)
    assert draft.range_m == range_m


def test_range_and_dc_may_be_unknown() -> None:
    draft = parse_line(line(range=None, charging={"ac": {"max_power_kw": 7.4}}))
    assert isinstance(draft, ModelDraft)
    assert (draft.range_m, draft.dc_max_kw) == (None, None)


@pytest.mark.parametrize(
    ("bad", "code", "named"),
    [
        ("", RefusalCode.MALFORMED_JSON, "not JSON"),
        ('{"make":', RefusalCode.MALFORMED_JSON, "not JSON"),
        ("[" * 100_000, RefusalCode.MALFORMED_JSON, "nested"),
        ('{"year": ' + "9" * 5_000 + "}", RefusalCode.MALFORMED_JSON, "not JSON"),
        ("null", RefusalCode.NOT_AN_OBJECT, "object"),
        ("[]", RefusalCode.NOT_AN_OBJECT, "object"),
    ],
)
def test_a_line_that_is_no_entry_is_refused(bad: str, code: RefusalCode, named: str) -> None:
    assert_refused(bad, code, named)


@pytest.mark.parametrize(
    ("changes", "code", "named"),
    [
        ({"make": None}, RefusalCode.MISSING_FIELD, "make is missing"),
        ({"make": {"slug": "audi"}}, RefusalCode.MISSING_FIELD, "make.name is missing"),
        ({"trim": {"name": ""}}, RefusalCode.INVALID_FIELD, "trim.name"),
        ({"model": {"name": "Q4\0"}}, RefusalCode.INVALID_FIELD, "model.name"),
        ({"model": {"name": "\ud800"}}, RefusalCode.INVALID_FIELD, "model.name"),
        ({"model": {"name": "Q" * 101}}, RefusalCode.INVALID_FIELD, "model.name"),
        ({"model": "Q4"}, RefusalCode.INVALID_FIELD, "model is not an object"),
        ({"year": "2024"}, RefusalCode.INVALID_FIELD, "year is not a number"),
        ({"year": 2024.5}, RefusalCode.INVALID_FIELD, "year is not a whole number"),
        ({"year": 1024}, RefusalCode.INVALID_FIELD, "year"),
        ({"battery": None}, RefusalCode.MISSING_FIELD, "battery is missing"),
        ({"battery": {"pack_capacity_kwh_gross": 82}}, RefusalCode.MISSING_FIELD, "battery.pack_capacity_kwh_net"),
        ({"battery": {"pack_capacity_kwh_net": 0}}, RefusalCode.INVALID_FIELD, "battery.pack_capacity_kwh_net"),
        ({"battery": {"pack_capacity_kwh_net": True}}, RefusalCode.INVALID_FIELD, "battery.pack_capacity_kwh_net"),
        ({"battery": {"pack_capacity_kwh_net": float("nan")}}, RefusalCode.INVALID_FIELD, "pack_capacity_kwh_net"),
        ({"battery": {"pack_capacity_kwh_net": 10**400}}, RefusalCode.INVALID_FIELD, "pack_capacity_kwh_net"),
        ({"charge_ports": []}, RefusalCode.MISSING_FIELD, "charge_ports is empty"),
        ({"charge_ports": ["ccs2"]}, RefusalCode.INVALID_FIELD, "charge_ports"),
        ({"charge_ports": [{"kind": "combo", "connector": "steam"}]}, RefusalCode.UNKNOWN_CONNECTOR, "steam"),
        ({"charging": {"dc": {"max_power_kw": 50}}}, RefusalCode.MISSING_FIELD, "charging.ac is missing"),
        ({"charging": {"ac": {"max_power_kw": 11}, "dc": {}}}, RefusalCode.MISSING_FIELD, "charging.dc.max_power_kw"),
        ({"range": {"rated": [{"cycle": "wltp"}]}}, RefusalCode.MISSING_FIELD, "range.rated[0].range_km"),
    ],
)
def test_an_entry_that_lacks_or_garbles_a_field_is_refused(
    changes: dict[str, Any], code: RefusalCode, named: str
) -> None:
    assert_refused(line(**changes), code, named)


def test_every_connector_is_described() -> None:
    assert set(CONNECTOR_DESCRIPTIONS) == set(ConnectorStandard)
    assert [standard for standard in ConnectorStandard if standard.name != standard.value] == []


def assert_refused(bad: str, code: RefusalCode, named: str) -> None:
    refusal = parse_line(bad)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert named in refusal.reason


def line(**changes: Any) -> str:
    """A sound entry, with some of its fields changed."""
    entry = {
        "make": {"name": "Audi"},
        "model": {"name": "Q4 e-tron"},
        "year": 2024,
        "trim": {"name": "40"},
        "variant": {"name": "Sportback", "kind": "body_style"},
        "battery": {"pack_capacity_kwh_gross": 82, "pack_capacity_kwh_net": 77},
        "charge_ports": [{"kind": "combo", "connector": "ccs2"}],
        "charging": {"ac": {"max_power_kw": 11}, "dc": {"max_power_kw": 135}},
        "range": {"rated": [{"cycle": "wltp", "range_km": 520}]},
    }
    return json.dumps(entry | changes)
