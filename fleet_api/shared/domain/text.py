"""Words for people, in every language that ships."""

from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in each language; both stand side by side so that neither can be forgotten."""

    en: str
    es: str

    def in_language(self, language: Language) -> str:
        return self.es if language == "es" else self.en
