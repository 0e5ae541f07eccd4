"""People of the demo: the index-th driver of a provider is always the same one. Nobody here lives."""

import unicodedata
from dataclasses import dataclass
from math import prod

from fleet_api.demo.world.providers import DemoProvider
from fleet_api.demo.world.scatter import scatter


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_GIVEN_NO = _words("""
Ingrid Lars Nora Henrik Astrid Magnus Sigrid Erik Solveig Olav Kari Bjørn Marit Øyvind Liv Sindre Hanne Torstein Silje
Håkon Ragnhild Anders Tone Espen Åse Jonas Maren Kristian Vilde Tarjei Amina Yusuf Fatima Omar Hodan Abdi Zara Imran
Ewa Piotr Katarzyna Tomasz Thuy Minh Selam Dawit Leila Reza Agnes Jakob Elin Petter Guro Stian Turid Vegard Ida Sverre
Hilde Trond
""")
_FAMILY_NO = _words("""
Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Berg Haugen Hagen Johannessen Dahl
Lund Moen Iversen Strand Solberg Bakken Eide Lie Myhre Nygård Ødegård Sæther Aas Fossum Rønning Tangen Vik Brekke
Skaar Bråten Holm Ali Hussain Ahmed Nguyen Kowalski Nowak Tran Tesfaye Hosseini Farah Knutsen Aune Birkeland Gundersen
Helgesen Kvam Lorentzen Mathisen Nordli Opdal Ruud Sunde Thorsen Ulvestad
""")
_GIVEN_ES = _words("""
Lucía Antonio Carmen Yeray Ayoze Candelaria José Dácil Airam María Gara Echedey Pino Juan Idaira Acoraida Francisco
Nayra Sergio Guacimara Rubén Yaiza Alejandro Elena Jonay Rosa Miguel Itahisa Pedro Cristina Manuel Beatriz Óscar
Raquel Domingo Ángela Iván Nuria Tenesor Laura Víctor Desirée Agustín Sara Rayco Inés Cristo Noelia Javier Mónica
Fatou Moussa Aminata Ibrahima Wei Yan Giulia Marco Yusimí Reinaldo
""")
_FAMILY_ES = _words("""
Santana Hernández Rodríguez González Suárez Sánchez Ramírez Medina Cabrera Vega Quintana Falcón Alemán Betancor Déniz
Guerra Perdomo Artiles Marrero Monzón Naranjo Ojeda Peñate Armas Bolaños Cazorla Dávila Espino Florido Galván Henríquez
Jiménez León Melián Navarro Ortega Padrón Rivero Sosa Travieso Umpiérrez Valido Yánez Zerpa Afonso Benítez Cruz
Domínguez
""")

# Drivers of passengers hold B; every one here may drive a car, and a few a minibus.
_LICENCE_CLASSES = (("B",), ("B",), ("B",), ("B", "BE"), ("B", "D1"))
_NO_MOBILE_PREFIXES = ("40", "41", "45", "46", "47", "48", "90", "91", "92", "93", "94", "95", "97", "98", "99")
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
# Neither letter comes apart into a plain one and an accent.
_PLAIN = str.maketrans({"ø": "o", "æ": "ae"})


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A driver to be; phone is E.164, locale BCP 47."""

    full_name: str
    phone: str
    email: str
    locale: str
    licence_number: str
    licence_country: str
    licence_classes: tuple[str, ...]


def person(provider: DemoProvider, index: int) -> DemoPerson:
    """The index-th person of a provider; phones, e-mails and licences do not repeat below a million."""
    name, round_ = _name(provider.country_code, index)
    return DemoPerson(
        full_name=name,
        phone=_phone(provider.country_code, index),
        email=f"{_mailbox(name)}{round_ + 1 if round_ else ''}@{provider.email_domain}",
        # Every seventh came from abroad and reads English.
        locale="en-GB" if index % 7 == 6 else provider.locale,
        licence_number=_licence_number(provider.country_code, index),
        licence_country=provider.country_code,
        licence_classes=_LICENCE_CLASSES[index % len(_LICENCE_CLASSES)],
    )


def _name(country_code: str, index: int) -> tuple[str, int]:
    """A full name, and how often it was given before: a big fleet has its namesakes."""
    # In Spain one bears a father's and a mother's name.
    pools = (_GIVEN_NO, _FAMILY_NO) if country_code == "NO" else (_GIVEN_ES, _FAMILY_ES, _FAMILY_ES)
    size = prod(map(len, pools))
    round_, place = divmod(index, size)
    place = scatter(place, size)
    words = []
    for pool in pools:
        place, at = divmod(place, len(pool))
        words.append(pool[at])
    return " ".join(words), round_


def _mailbox(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().translate(_PLAIN))
    return "".join(char for char in plain if not unicodedata.combining(char)).replace(" ", ".")


def _phone(country_code: str, index: int) -> str:
    if country_code == "NO":
        prefix, number = divmod(scatter(index, len(_NO_MOBILE_PREFIXES) * 10**6), 10**6)
        return f"+47{_NO_MOBILE_PREFIXES[prefix]}{number:06d}"
    return f"+346{scatter(index, 10**8):08d}"


def _licence_number(country_code: str, index: int) -> str:
    """Eleven digits in Norway; in Spain the holder's DNI, eight digits and the letter that they call for."""
    number = scatter(index, 10**6)
    if country_code == "NO":
        return f"99000{number:06d}"
    return f"99{number:06d}{_DNI_LETTERS[(99_000_000 + number) % 23]}"
