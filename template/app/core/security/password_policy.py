"""Which passwords may be chosen (NIST SP 800-63B-4, 3.1.1.2; ASVS 5.0, 6.2).

The common passwords are a selection from the ten million that Mark Burnett collected,
as published by SecLists under the MIT licence (common_passwords.LICENSE): those of 8
characters or more among the 50,000 most frequent, and the 5,000 most frequent of 12 or
more. They take 4 MB of memory.
"""

import gzip
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.core.errors import InvalidError
from app.core.fields.text import fold
from app.core.security.passwords import MAX_LENGTH, PasswordSettings, normalize

LONGEST_FORM = 4
"""Code points by which one character can be written; normalizing makes them one."""
MIN_CONTEXT_WORD, MIN_REST = 4, 6
PADDING = re.compile(r"[\W\d_]+\Z")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class PasswordPolicy:
    """Refuses passwords that are easy to guess."""

    settings: PasswordSettings
    project_name: str

    def check(
        self, password: str, *, personal: Iterable[str] = (), field: str = "password"
    ) -> None:
        """Refuse a password that breaks a rule, or is close to the account's names.

        Raises:
            InvalidError: With a sentence for each broken rule, at the field to blame.
        """
        broken = list(self._broken_rules(password, [*personal, self.project_name]))
        if broken:
            raise InvalidError("This password cannot be used.", fields={field: broken})

    def _broken_rules(self, password: str, context: list[str]) -> Iterator[str]:
        rules = self.settings
        # Normalizing takes time that grows with the square of the length.
        is_short = len(password) <= LONGEST_FORM * MAX_LENGTH
        if not is_short or len(password := normalize(password)) > MAX_LENGTH:
            yield f"It must have at most {MAX_LENGTH} characters."
            return
        if len(password) < rules.min_length:
            yield f"It must have at least {rules.min_length} characters."
        if UNSTORABLE.search(password):
            yield "It must not have characters that are not text."
        one_case = {password.upper(), password.lower()}
        if rules.require_mixed_case and password in one_case:
            yield "It must have both lower-case and upper-case letters."
        if rules.require_digit and not any(c.isdigit() for c in password):
            yield "It must have a digit."
        if rules.require_symbol and all(c.isalnum() or c.isspace() for c in password):
            yield "It must have a character that is neither letter, digit nor space."
        # Also without a suffix that makes it long: 1234, !, a year.
        forms = {fold(password), PADDING.sub("", fold(password))}
        if not common_passwords().isdisjoint(forms):
            yield "It is too common, or only slightly different from a common one."
        if is_mostly(password, context):
            yield (
                "It is too close to the e-mail address, the user name or this "
                "service's name."
            )


@cache
def common_passwords() -> frozenset[str]:
    """Load the passwords that attackers try first; takes 20 ms, once."""
    packed = Path(__file__).with_name("common_passwords.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().split())


def is_mostly(password: str, context: Iterable[str]) -> bool:
    """Return whether little is left of a password without the words of its context.

    Only letters and digits count. The words are each text of the context, what stands
    before its `@`, and its parts.
    """
    parts = (
        part
        for text in context
        for part in (text, text.partition("@")[0], *re.split(r"[\W_]+", text))
    )
    words = {word for part in parts if len(word := squeeze(part)) >= MIN_CONTEXT_WORD}
    whole = rest = squeeze(password)
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != whole and len(rest) < MIN_REST


def squeeze(text: str) -> str:
    """Return the letters and digits of a text, without regard to case."""
    return "".join(character for character in fold(text) if character.isalnum())
