"""The two companies of the demo: apart in country, currency, clock and tongue, so that no default hides."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoProvider:
    """A fleet provider's books; `slug` is what people type."""

    slug: str
    legal_name: str
    tax_id: str
    country_code: str
    currency: str
    timezone: str
    locale: str
    city: str
    email_domain: str
    air_c: float  # of a mild day there


# Both tax ids bear a true checksum. Norway's numbers that begin with 3 are of test companies, and no Spanish province
# is B00.
NORTH = DemoProvider(
    slug="north",
    legal_name="Nordlys Mobility AS",
    tax_id="NO310000019MVA",
    country_code="NO",
    currency="NOK",
    timezone="Europe/Oslo",
    locale="nb-NO",
    city="Oslo",
    email_domain="nordlys.example.org",
    air_c=7.0,
)
HARBOR = DemoProvider(
    slug="harbor",
    legal_name="Harbor Movilidad Canaria, S.L.",
    tax_id="ESB00000018",
    country_code="ES",
    currency="EUR",
    timezone="Atlantic/Canary",
    locale="es-ES",
    city="Las Palmas de Gran Canaria",
    email_domain="harbor.example.com",
    air_c=22.0,
)
PROVIDERS = (NORTH, HARBOR)
