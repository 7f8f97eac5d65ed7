"""What belongs to an answer, as data: none of it may be left in a project that chose another.

A new answer gets a line in `WORDS`. Words are looked for in every path and text; one
that is written in lower case is found whatever its case.
"""

from __future__ import annotations

import re
from functools import cache

WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("database", "sqlite"): (r"sqlite", r"\bpragma\b(?!: no)", r"\bwal\b"),
    ("database", "postgresql"): (
        r"postgres",
        r"asyncpg",
        r"psycopg",
        r"pgserver",
        r"\bpg_",
        r"jsonb",
    ),
    ("database", "mysql"): (r"mysql", r"asyncmy", r"maria ?db", r"innodb", r"utf8mb4"),
    ("auth", "jwt"): (
        r"\bjose\b",
        r"pass(lib|word|wd)|libpass",
        r"argon2|bcrypt",
        r"\bjwts?\b|json web",
        r"oauth|\bbearer\b",
        r"(refresh|access)[ _-]?tokens?",
        r"(\b|_)users?(\b|_)|user ?names?",
        r"[a-z]Users?\b|\bUsers?[A-Z]|AuthS|Account",
        r"(\b|_)auth(?!ors?\b|or_)",
        r"\blog(s|ged|ging)?[ _-]?(in|out)(?! \w+ing)\b|signed[ -]in",
        r"(\b|_)accounts?(\b|_)|superuser|\badmins?\b",
        r"owner_id|\bowned|credentials?",
        r"\bsession_id\b|throttl|\baudit|revoke",
        r"multipart|e-?mail(?!\.utils)",
    ),
    ("auth", "none"): (r"tests[./]fixtures[./]client\b",),
    ("license", "MIT"): (r"\bMIT\b", r"permission is hereby granted"),
    ("license", "Apache-2.0"): (r"\bapache\b",),
    ("license", "BSD-3-Clause"): (r"\bBSD\b", r"redistribution and use in source"),
    ("license", "proprietary"): (r"proprietary", r"all rights reserved\.\s*\Z"),
}
"""Regular expressions by (question, answer)."""

ALLOWED: dict[str, tuple[str, ...]] = {
    "database": (r"(README\.md|docs/decisions/.*): .*just update --data database=.*",),
    "license": (r"app/core/security/(common_passwords\.LICENSE|password_policy\.py): .*",),
    "auth": (
        r"(README\.md|docs/decisions/.*): .*just update --data auth=.*",
        # The words of lawyers.
        r"LICENSE: .*",
        # Addresses of databases.
        r".*\w+://user:\S+@\S*host.*",
        r"pyproject\.toml: authors = .*",
        r"README\.md: docker run .*_PASSWORD=.*",
        r"(app/db/\w+/settings|tests/fixtures/\w*sql\w*)\.py: .*\(hide_password=False\).*",
        r"app/db/\w+/settings\.py: .*[ .]password (is|==|of the examples) .*",
        r"tests/db/test_\w+\.py: def test_production_refuses_the_password_of_the_examples\(.*",
        r"app/db/\w+/errors\.py: # .*credentials,.*",
        # Any API masks these, and lets them through from a browser.
        r"(app/core/redaction|tests/core/test_redaction)\.py: .*",
        r"(app/core/settings/cors|tests/core/test_cors|tests/test_config)\.py: .*"
        r"((?i:allow[_-]+credentials)|everyone_with_credentials|\bAuthorization\b).*",
        # Any form and any secret is refused, without an echo.
        r"tests/core/test_hostile_bodies\.py: .*(multipart/form-data|canary).*",
        r"tests/db/test_errors\.py: .*\bemail(_key)?\b.*",
    ),
}
"""Lines, as `path: line`, that may name another answer: how to change to it, or no trace of it."""

TRACES = (
    r"\{\{-? \w",
    r"\{\{[a-z_][\w.]*(\|[^}]*)?\}\}",
    r"\{%",
    r"\{#",
    r"copier",
    r"jinja",
    r"cookiecutter",
    r"\btemplate repository\b",
)
"""What tells that a generator was at work; a doubled brace alone is Python's own."""

TRACES_ALLOWED = (
    r"\.copier-answers\.yml: .*",
    r"README\.md: .*[Cc]opier.*",
    r"tools/update\.sh: .*copier.*",
    r"justfile: .*\{\{ ?\w+(\(\))? ?\}\}.*",
    r"\.pre-commit-config\.yaml: .*",
    r"\.github/.*: .*\$\{\{.*",
)
"""Where Copier may be named: its answers, the README's section on updates, the verb's script."""


def left(answers: dict[str, object], texts: dict[str, str]) -> list[str]:
    """Find what belongs to answers that were not chosen, as `path: line`."""
    found = []
    for (question, value), words in WORDS.items():
        if answers[question] != value:
            found += [hit for word in words for hit in hits(word, texts, ALLOWED.get(question, ()))]
    return found


def hits(word: str, texts: dict[str, str], allowed: tuple[str, ...]) -> list[str]:
    """Find a word in paths and texts, but for the lines that are allowed."""
    found = [line for name, text in texts.items() for line in _lines_with(word, name, text)]
    return [line for line in found if not any(re.fullmatch(one, line) for one in allowed)]


@cache
def _lines_with(word: str, name: str, text: str) -> tuple[str, ...]:
    look_for = re.compile(word, re.IGNORECASE if word == word.lower() else 0)
    if not look_for.search(name) and not look_for.search(text):
        return ()
    lines = (name, *text.splitlines())
    return tuple(f"{name}: {line}" for line in lines if look_for.search(line))
