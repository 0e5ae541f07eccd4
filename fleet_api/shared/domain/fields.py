"""The kinds of values that inputs are made of, each with its check and its typed refusal."""

import re
import unicodedata
import zoneinfo
from datetime import datetime
from typing import Annotated

import phonenumbers
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints
from pydantic.types import StrictStr

from fleet_api.shared.domain.input_errors import Problem
from fleet_api.shared.domain.text import Text

_ZONES = frozenset(zoneinfo.available_timezones()) - {"localtime", "Factory", "posixrules"}
YEARS = (2000, 2100)
"""Outside of these, a time is a mistake, and arithmetic with it may overflow."""

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"[^@\s\"(),:;<>\[\\\]]{{1,64}}@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}")
# Control, format (such as what turns the direction of writing), surrogate, private and unassigned characters. Some
# scripts need the joiners.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_JOINERS = {"\u200c", "\u200d"}
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")


def _printable(value: str) -> str:
    if any(unicodedata.category(c) in _INVISIBLE and c not in _JOINERS for c in value):
        raise Problem(
            "INVALID_TEXT",
            Text(
                "The text has invisible characters or broken Unicode.",
                "El texto tiene caracteres invisibles o Unicode roto.",
            ),
        )
    return value


def _printable_lines(value: str) -> str:
    _printable(value.replace("\n", " ").replace("\t", " "))
    return value


def _country(value: str) -> str:
    if value not in COUNTRIES:
        raise Problem(
            "INVALID_COUNTRY",
            Text("Use an ISO 3166-1 alpha-2 code, such as NO.", "Use un código ISO 3166-1 alfa-2, como NO."),
        )
    return value


def _currency(value: str) -> str:
    if value not in CURRENCIES:
        raise Problem(
            "INVALID_CURRENCY", Text("Use an ISO 4217 code, such as EUR.", "Use un código ISO 4217, como EUR.")
        )
    return value


def _timezone(value: str) -> str:
    if value not in _ZONES:
        raise Problem(
            "INVALID_TIMEZONE",
            Text("Use an IANA zone, such as Europe/Oslo.", "Use una zona IANA, como Europe/Oslo."),
        )
    return value


def _phone(value: str) -> str:
    try:
        number = phonenumbers.parse(value)
        valid = phonenumbers.is_valid_number(number)
    except phonenumbers.NumberParseException:
        valid = False
    if not valid or phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) != value:
        raise Problem(
            "INVALID_PHONE",
            Text(
                "Use a valid number in E.164, such as +4790000000.", "Use un número válido en E.164, como +34600000000."
            ),
        )
    return value


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise Problem("INVALID_EMAIL", Text("This is not an e-mail address.", "No es una dirección de correo."))
    return value.lower()


def _locale(value: str) -> str:
    if not _LOCALE.fullmatch(value):
        raise Problem(
            "INVALID_LOCALE", Text("Use a BCP 47 tag, such as nb-NO.", "Use una etiqueta BCP 47, como es-ES.")
        )
    return value


def _in_range(value: datetime) -> datetime:
    if not YEARS[0] <= value.year <= YEARS[1]:
        raise Problem("INVALID_TIME", Text("The time is out of range.", "La hora está fuera de rango."))
    return value


Printable = Annotated[str, AfterValidator(_printable)]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_printable)
]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000), AfterValidator(_printable_lines)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32), AfterValidator(_printable)]
CountryCode = Annotated[str, Field(max_length=2), AfterValidator(_country)]
CurrencyCode = Annotated[str, Field(max_length=3), AfterValidator(_currency)]
TimezoneName = Annotated[str, Field(max_length=64), AfterValidator(_timezone)]
Phone = Annotated[str, Field(max_length=20), AfterValidator(_phone)]
Email = Annotated[str, Field(max_length=254), AfterValidator(_printable), AfterValidator(_email)]
LocaleTag = Annotated[str, Field(max_length=16), AfterValidator(_locale)]
Instant = Annotated[AwareDatetime, AfterValidator(_in_range)]
Password = Annotated[StrictStr, Field(min_length=12, max_length=128), AfterValidator(_printable)]
SearchText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_printable)
]

# ISO 3166-1 alpha-2.
COUNTRIES = frozenset(
    (
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV "
        "BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES "
        "ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE "
        "IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY "
        "MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU "
        "NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM "
        "SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE "
        "VG VI VN VU WF WS YE YT ZA ZM ZW"
    ).split()
)

# ISO 4217, list one, but for funds and metals.
CURRENCIES = frozenset(
    (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP "
        "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG "
        "HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL "
        "MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR "
        "RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD "
        "TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
    ).split()
)
