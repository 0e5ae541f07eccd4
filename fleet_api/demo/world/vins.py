"""VINs for the demo's cars: the maker's true world manufacturer identifier, and a check digit that holds everywhere."""

from fleet_api.demo.world.scatter import scatter
from fleet_api.vehicles.domain.vin import CHECK_DIGIT_INDEX, check_digit

_MANUFACTURERS = {
    "Audi": "WAU",
    "BMW": "WBY",
    "BYD": "LGX",
    "Cupra": "VSS",
    "Ford": "3FM",
    "Hyundai": "KMH",
    "Kia": "KNA",
    "Mercedes-Benz": "W1V",
    "MG": "LSJ",
    "Nissan": "SJN",
    "Peugeot": "VR3",
    "Polestar": "LPS",
    "Renault": "VF1",
    "Škoda": "TMB",
    "Tesla": "LRW",
    "Volkswagen": "WVW",
    "Volvo": "YV1",
}
_MODEL_YEARS = {2021: "M", 2022: "N", 2023: "P", 2024: "R", 2025: "S"}
_DESCRIPTOR_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def vin(make: str, year: int, index: int) -> str:
    """A valid VIN, no two alike for indices below 900,000. KeyError for a make or year that the catalogue has not."""
    serial = 100_000 + scatter(index, 900_000)
    descriptor = f"{_DESCRIPTOR_LETTERS[len(make)]}{_DESCRIPTOR_LETTERS[year % 23]}7E{_DESCRIPTOR_LETTERS[index % 23]}"
    blank = f"{_MANUFACTURERS[make]}{descriptor}0{_MODEL_YEARS[year]}A{serial}"
    return blank[:CHECK_DIGIT_INDEX] + check_digit(blank) + blank[CHECK_DIGIT_INDEX + 1 :]
