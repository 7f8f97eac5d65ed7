"""What belongs to an answer, as data: none of it may be left in a project that chose another.

A new answer gets a line in `WORDS`. Words are looked for in every path and text; one
that is written in lower case is found whatever its case.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml

WORDS: dict[tuple[str, ...], tuple[str, ...]] = {
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
        r"\bjose\b(?!\\)|\bpyjwt\b",
        r"\bjwts?\b|json web",
        r"oauth|\bbearer\b",
        r"(refresh|access)[ _-]?tokens?",
        r"(login|tests)[./]tokens?\b",
    ),
    ("jwt_library", "python-jose"): (r"\bjose\b",),
    ("jwt_library", "pyjwt"): (r"\bpyjwt\b",),
    ("auth", "session"): (r"cookie", r"csrf", r"sec-fetch", r"__host-"),
    ("auth", "jwt", "session"): (
        r"pass(lib|word|wd)|libpass",
        r"argon2|bcrypt",
        r"(\b|_)users?(\b|_)|user ?names?",
        r"[a-z]Users?\b|\bUsers?[A-Z]|AuthS|Account",
        r"(\b|_)auth(?!ors?\b|or_)",
        r"\blog(s|ged|ging)?[ _-]?(in|out)(?! \w+ing)\b|signed[ -]in",
        r"(\b|_)accounts?(\b|_)|superuser|\badmins?\b",
        r"owner_id|\bowned|credentials?",
        r"\bsession_id\b|throttl|\baudit|revoke",
        r"multipart",
        r"e-?mail(?!\.(message|utils))",
    ),
    ("auth", "none"): (r"tests[./]fixtures[./]client\b",),
    ("rate_limit", "memory"): (r"rate_limit[./](test_)?memory\b",),
    ("rate_limit", "redis"): (r"redis(?!tribut)", r"\blua\b"),
    ("rate_limit", "memory", "redis"): (
        r"rate[ _-]?limit",
        r"limited_users|tests[./]fixtures[./]limits\b|docs/limits\b",
        r"(?-i:\b(from|import) limits\b)|\"limits\b",
    ),
    ("docker", "compose"): (r"compose\.(production\.)?ya?ml|docker compose", r"\bcaddy"),
    ("docker", "image", "compose"): (r"docker", r"tools/delivery\b|docs/deployment\b"),
    ("ci", "github"): (r"\.github\b|github actions?\b", r"\bworkflows?\b|dependabot"),
    ("license", "MIT"): (r"\bMIT\b", r"permission is hereby granted"),
    ("license", "Apache-2.0"): (r"\bapache\b",),
    ("license", "BSD-3-Clause"): (r"\bBSD\b", r"redistribution and use in source"),
    ("license", "proprietary"): (r"proprietary", r"all rights reserved\.\s*\Z"),
    ("resources", "item"): (
        r"\bItems?(\b|[A-Z])|[a-z]Items?\b",
        r"\bitems?_|[a-z]_items?\b|\ban item\b",
        r"(crud|dependencies|endpoints|fixtures|models|schemas|services)[./]items?\b",
        r"/items\b|\bitems:(read|write)|--items\b",
    ),
}
"""Regular expressions by question and the answers, one or more, that they belong to.

The answers to `resources` are the names of those in the list.
"""

ALLOWED: dict[str, tuple[str, ...]] = {
    "database": (
        r"(README\.md|docs/decisions/.*): .*just update --data database=.*",
        # What each driver calls a lock, in one function for all.
        r"migrations/patience\.py: .*(a name of SQLite's|\"SQLITE_BUSY\").*",
        # A migration goes with its project to another database, where keys have names of tables.
        r"migrations/tables\.py: .*dialect\.name == \"postgresql\".*",
        # What each database calls its triggers, clocks and counters, in one module for all.
        r"migrations/adoption\w*\.py: .*((?i:sqlite|postgresql|mysql)|pg_trigger|pragma_table).*",
        # Where rows can come from, and go to.
        r"docs/growing\.md: .*(From SQLite|--data database=|import-sqlite).*",
        r"tools/(import_sqlite\.py|sqlite\.just): .*",
        r"justfile: import\? 'tools/sqlite\.just'",
    ),
    "docker": (
        r"(README\.md|docs/decisions/.*): .*just update --data docker=.*",
        r"README\.md: docker run .*",
        r"justfile: import\? 'tools/delivery\.just'",
    ),
    "license": (r"app/core/security/(common_passwords\.LICENSE|passwords\.py): .*",),
    "auth": (
        # What a bucket has of uploads in parts.
        r"docs/files\.md: .*AbortIncompleteMultipartUpload.*",
        r"(README\.md|docs/decisions/.*): .*just update --data auth=.*",
        # The words of lawyers.
        r"LICENSE: .*",
        # Addresses of databases.
        r".*\w+://user:\S+@\S*host.*",
        r"pyproject\.toml: authors = .*",
        r"README\.md: docker run .*_PASSWORD=.*",
        # Secrets and processes of servers, and that of the image.
        r"(compose(\.production)?\.yaml|\.github/.*|tools/secrets\.sh): .*_?(?i:password).*",
        r"compose(\.production)?\.yaml: +(user: \w+|\w+_USER: .*|.*--username=.*)",
        r"Dockerfile: USER .*",
        r"docs/deployment\.md: .*(_password|--user|:password@|as the user \d+).*",
        r"(app/db/\w*sql\w*|tests/fixtures/\w*sql\w*)\.py: .*\(hide_password=False\).*",
        r"app/core/project\.py: WRITTEN = .*",
        r"app/db/server\.py: .*reached with a password.*",
        r"app/db/postgresql\.py: .*\"(sslpassword|tcp_user_timeout)\".*",
        r"app/db/(\w*sql\w*|server)\.py: .*[ .]password (is|==|of the examples|that everyone) .*",
        r"app/db/\w*sql\w*\.py: # .*credentials,.*",
        # What Caddy calls its interface, and what a checkout must not keep.
        r"Caddyfile: +admin off",
        r"docs/deployment\.md: .*\b(the user 10001|that user)\b.*",
        r"\.github/workflows/ci\.yml: .*persist-credentials: false",
        # Any API masks these, and lets them through from a browser.
        r"app/core/logging\.py: .*((?i:passw\|secret|cookie\)\{IS|bearer \|basic)|Mask cred).*",
        r"(app/core/(settings|http/middleware)|tests/(test_security|test_config))\.py: .*"
        r"((?i:allow[_-]+credentials)|everyone_with_credentials|\bAuthorization\b|cookies?\b).*",
        r"app/core/http/middleware\.py:     \"X-CSRF-Token\",",
        # What any operation can demand, and who can ask: unknown unless a guard finds out.
        r"app/core/openapi\.py: .*(    401: \(\"unauthorized\"|\"WWW-Auth|\"How to log in \(RFC).*",
        r"app/core/(resource/(repository|service)|changes/idempotency|lists/sql)\.py: "
        r".*\b_?owner_id\b.*",
        r"app/core/http/body\.py: .*(\bcredentials\b|multipart).*",
        r"migrations/versions/0001_initial\.py: .*(\"owner_id\"|_keys_owner_id\b).*",
        # The header `User-Agent`.
        r"app/core/http/client\.py: .*\b(user_agent|MAX_USER_AGENT)\b.*",
        # Any request can try to set one, or must not.
        r"tests/accounts/test_(tokens|passwords)\.py: .*Set-Cookie\b.*",
        # What proves nothing here.
        r"tests/accounts/test_cookies\.py: .*\"Authorization\": f\"Bearer .*",
        # Any form and any secret is refused, without an echo.
        r"tests/test_input\.py: .*(\"owner_id\"|hashed_password|TABLE users|[pP]asswords? ?).*",
        r"tests/test_security\.py: .*(\bCANARY\b|etc/passwd|test_51_the_log_has_no_cred).*",
        # The tests' client sends nothing of its own.
        r"tests/fixtures/app\.py: .*((?i:cookie)|without credentials).*",
        # Things can have addresses, of mail and in the web.
        r"app/core/fields/(lower_case_)?email\.py: .*",
        r"app/core/fields/url\.py: .*password.*",
        r"(tests/sample/.*|tests/api/test_sample_.*): .*(?i:email).*",
        r"pyproject\.toml:     \"email-validator>=.*",
        # What a resource can be told to be.
        r"tools/resources/.*: .*(\b(owned|email)\b|ref\(user\)|\"--(read|write)\").*",
    ),
    "rate_limit": (
        r"(README\.md|docs/decisions/.*): .*just update --data rate_limit=.*",
        # What may differ between two answers, if it is there.
        r"tests/accounts/test_login\.py:     varying = .*",
    ),
    "ci": (r"(README\.md|docs/decisions/.*): .*just update --data ci=.*",),
    "resources": (
        # Words of Alembic, of the verb, of lists, of limits.
        r"app/core/fields/links\.py: .*\"uniqueItems\".*",
        r"app/core/rate_limit/limits\.py: .*\bRateLimitItem\b.*",
        r"app/core/resource/model\.py: .*\"line item\" for the class LineItem.*",
        r"migrations/env\.py: .*render_item.*",
        r"migrations/adoption\w*\.py: .*\bSchemaItem\b.*",
        r"tools/resources/.*: .*line_item.*",
    ),
}
"""Lines, as `path: line`, that may name another answer: how to change to it, or no trace of it."""

TRACES = (
    r"\{\{-? \w",
    r"(?<!\{)\{\{[a-z_][\w.]*(\|[^}]*)?\}\}",
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
    r"tools/(update\.sh|resources/\w+\.py): .*[Cc]opier.*",
    r"CONTRIBUTING\.md: .*`\.copier-answers\.yml`.*",
    r"pyproject\.toml: module = \[\"copier\.\*\", .*",
    r"justfile: .*tool run --from \"copier>=.*",
    r"(justfile|tools/\w+\.just): .*\{\{ ?\w+(\(\))? ?\}\}.*",
    # The parameter of a path, in a text that Python formats.
    r"[\w/]+\.py: .*\bf\"[^\"]*\{\{\w+_id\}\}.*",
    r"\.pre-commit-config\.yaml: .*",
    r"\.github/.*: .*\$\{\{.*",
    # The project's own templates, for mail.
    r"app/accounts/mail/templates/.*",
    r"app/core/mail/message\.py: from jinja2 import .*",
    r"pyproject\.toml:     \"jinja2>=.*",
)
"""Where Copier may be named: its answers, the README's section on updates, the verb's script.

And where the language of templates may be used.
"""


def left(answers: dict[str, Any], texts: dict[str, str]) -> list[str]:
    """Find what belongs to answers that were not chosen, as `path: line`.

    A word that stands in the list of resources itself, or in the names of their classes
    and parameters, tells nothing.
    """
    found, own = [], yaml.safe_dump([answers["resources"], made_of(answers["resources"])])
    for (question, *values), words in WORDS.items():
        if chosen(answers, question).isdisjoint(values):
            telling = [word for word in words if not pattern(word).search(own)]
            allowed = ALLOWED.get(question, ())
            found += [hit for word in telling for hit in hits(word, texts, allowed)]
    return found


def made_of(resources: list[dict[str, Any]]) -> list[list[str]]:
    """What a resource's class and the parameter of its path are called."""
    names = [one["name"] for one in resources]
    return [[name.title().replace("_", ""), f"{name}_id"] for name in names]


def chosen(answers: dict[str, Any], question: str) -> set[Any]:
    """What was answered to a question."""
    if question == "resources":
        return {one["name"] for one in answers[question]}
    return {answers.get(question)}


def hits(word: str, texts: dict[str, str], allowed: tuple[str, ...]) -> list[str]:
    """Find a word in paths and texts, but for the lines that are allowed."""
    found = [line for name, text in texts.items() for line in _lines_with(word, name, text)]
    return [line for line in found if not any(re.fullmatch(one, line) for one in allowed)]


@cache
def _lines_with(word: str, name: str, text: str) -> tuple[str, ...]:
    look_for = pattern(word)
    if not look_for.search(name) and not look_for.search(text):
        return ()
    lines = (name, *text.splitlines())
    return tuple(f"{name}: {line}" for line in lines if look_for.search(line))


def pattern(word: str) -> re.Pattern[str]:
    """How a word is looked for."""
    return re.compile(word, re.IGNORECASE if word == word.lower() else 0)
