import re
from zoneinfo import ZoneInfo

import phonenumbers
import pytest

from fleet_api.demo.world.catalogue import CATALOGUE
from fleet_api.demo.world.names import person
from fleet_api.demo.world.plates import plate
from fleet_api.demo.world.providers import HARBOR, NORTH, PROVIDERS, DemoProvider
from fleet_api.demo.world.scatter import scatter
from fleet_api.demo.world.vins import vin
from fleet_api.vehicles.domain.connector_standard import ConnectorStandard
from fleet_api.vehicles.domain.open_ev_data import ModelDraft
from fleet_api.vehicles.domain.vin import check_digit, vin_problem

MANY = 12_000  # more than either provider has, in the largest seed


@pytest.mark.parametrize("size", [1, 2, 7, 100, 3_720, 4_096])
def test_scatter_visits_every_place_once(size: int) -> None:
    assert sorted(scatter(index, size) for index in range(size)) == list(range(size))


@pytest.mark.parametrize("index", [-1, 10])
def test_scatter_refuses_what_would_repeat(index: int) -> None:
    with pytest.raises(ValueError, match="is not one of 10"):
        scatter(index, 10)


def test_the_providers_differ_wherever_a_default_could_hide() -> None:
    for field in ("slug", "legal_name", "tax_id", "country_code", "currency", "timezone", "locale", "email_domain"):
        assert getattr(NORTH, field) != getattr(HARBOR, field)
    assert ZoneInfo(NORTH.timezone) != ZoneInfo(HARBOR.timezone)


def test_the_tax_ids_bear_true_checksums() -> None:
    digits = [int(char) for char in NORTH.tax_id.removeprefix("NO").removesuffix("MVA")]
    assert len(digits) == 9
    assert sum(digit * weight for digit, weight in zip(digits, (3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True)) % 11 == 0
    assert re.fullmatch(r"ESB\d{8}", HARBOR.tax_id)
    assert luhn_holds(HARBOR.tax_id.removeprefix("ESB"))


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.slug)
class TestPeople:
    @pytest.mark.parametrize("field", ["phone", "email", "licence_number"])
    def test_nobody_shares_what_must_be_unique(self, provider: DemoProvider, field: str) -> None:
        values = {getattr(person(provider, index), field) for index in range(MANY)}
        assert len(values) == MANY

    def test_the_names_of_a_few_hundred_are_all_different(self, provider: DemoProvider) -> None:
        assert len({person(provider, index).full_name for index in range(500)}) == 500

    def test_phones_are_valid_mobiles_of_the_country_in_e164(self, provider: DemoProvider) -> None:
        for index in range(0, MANY, 7):
            phone = person(provider, index).phone
            number = phonenumbers.parse(phone)
            assert phonenumbers.is_valid_number_for_region(number, provider.country_code)
            assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
            assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == phone

    def test_emails_are_plain_ascii_on_domains_that_nobody_owns(self, provider: DemoProvider) -> None:
        for index in range(MANY):
            mailbox, domain = person(provider, index).email.split("@")
            assert domain.endswith((".example.com", ".example.org"))
            assert mailbox.isascii()
            assert mailbox.replace(".", "").isalnum()

    def test_a_person_is_the_same_every_time(self, provider: DemoProvider) -> None:
        assert [person(provider, index) for index in range(50)] == [person(provider, index) for index in range(50)]


@pytest.mark.parametrize(
    ("country_code", "shape"), [("NO", r"E[A-Z] [1-9]\d{4}"), ("ES", r"\d{4} [LM][B-DF-HJ-NP-TV-Z]{2}")]
)
def test_plates_are_unique_and_of_the_country(country_code: str, shape: str) -> None:
    plates = [plate(country_code, index) for index in range(MANY)]
    assert len(set(plates)) == MANY
    assert [each for each in plates if not re.fullmatch(shape, each)] == []


def test_vins_are_unique_and_valid_for_every_car_of_the_catalogue() -> None:
    models = [CATALOGUE[index % len(CATALOGUE)] for index in range(MANY)]
    vins = [vin(model.make, model.year, index) for index, model in enumerate(models)]
    assert len(set(vins)) == MANY
    assert {vin_problem(each) for each in vins} == {None}
    assert all(check_digit(each) == each[8] for each in vins)


def test_the_catalogue_holds_two_dozen_distinct_models() -> None:
    assert len({(model.make, model.name, model.variant, model.year) for model in CATALOGUE}) == 24


@pytest.mark.parametrize("model", CATALOGUE, ids=lambda model: f"{model.make} {model.name}")
def test_the_catalogue_s_figures_agree_with_each_other(model: ModelDraft) -> None:
    assert model.dc_max_kw is not None
    assert model.range_m is not None
    assert model.ac_max_kw <= model.dc_max_kw
    assert 11 < model.usable_battery_kwh / model.range_m * 100_000 < 26  # kWh/100 km
    assert ConnectorStandard.IEC_62196_T2 in model.connector_types


def luhn_holds(digits: str) -> bool:
    """A Spanish company's NIF closes with Luhn's digit."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0
