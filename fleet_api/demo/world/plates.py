"""Number plates as the two countries issue them."""

from fleet_api.demo.world.scatter import scatter

# Norway keeps these pairs for electric cars.
_NO_PREFIXES = ("EL", "EK", "EV", "EB", "EC", "ED", "EE", "EF", "EH")
_NO_SERIES = 90_000

# Spain uses no vowels; L and M were given out in the years of the catalogue.
_ES_FIRST = "LM"
_ES_LETTERS = "BCDFGHJKLMNPRSTVWXYZ"


def plate(country_code: str, index: int) -> str:
    """The index-th plate of a country, "EL 12345" or "4821 LKM"; never the same twice below 800,000."""
    if country_code == "NO":
        prefix, number = divmod(scatter(index, len(_NO_PREFIXES) * _NO_SERIES), _NO_SERIES)
        return f"{_NO_PREFIXES[prefix]} {10_000 + number}"
    rest, number = divmod(scatter(index, len(_ES_FIRST) * len(_ES_LETTERS) ** 2 * 10_000), 10_000)
    rest, third = divmod(rest, len(_ES_LETTERS))
    first, second = divmod(rest, len(_ES_LETTERS))
    return f"{number:04d} {_ES_FIRST[first]}{_ES_LETTERS[second]}{_ES_LETTERS[third]}"
