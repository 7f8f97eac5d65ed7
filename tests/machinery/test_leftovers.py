"""The search for leftovers finds them, and lets pass what is allowed."""

from __future__ import annotations

from tests.support.leftovers import TRACES, TRACES_ALLOWED, hits, left

SQLITE: dict[str, object] = {"database": "sqlite", "auth": "none", "license": "MIT"}


def test_a_word_of_another_answer_is_found() -> None:
    assert left(SQLITE, {"README.md": "Uses PostgreSQL."}) == ["README.md: Uses PostgreSQL."]


def test_every_trace_of_accounts_is_found() -> None:
    words = ("user_id", "from jose import jwt", "The signed-in user", "log in", "an access token")
    more = ("hashed_password", "owner_id", "auth_sessions", "E-mail", "OAuth2", "CurrentUser")
    for line in words + more:
        assert set(left(SQLITE, {"app/main.py": line})) == {f"app/main.py: {line}"}


def test_what_only_looks_like_accounts_passes() -> None:
    texts = {
        "pyproject.toml": 'authors = [{ name = "Ada", email = "ada@example.com" }]',
        "app/core/settings/cors.py": "    allow_credentials: bool = False",
        "app/db/types.py": "cannot connect to db://user:secret@host/name",
    }
    assert left(SQLITE, texts) == []


def test_a_path_of_another_answer_is_found() -> None:
    assert left(SQLITE, {"app/db/mysql/engine.py": ""}) != []


def test_words_of_the_chosen_answer_are_no_leftovers() -> None:
    assert left(SQLITE, {"app/db/sqlite/engine.py": "PRAGMA journal_mode=WAL"}) == []


def test_the_way_to_another_answer_may_be_told() -> None:
    assert left(SQLITE, {"README.md": "`just update --data database=postgresql` changes it"}) == []


def test_a_tag_that_was_not_rendered_is_found() -> None:
    texts = {"app/main.py": "x = 1\n{% if a %}\n"}
    assert [hit for word in TRACES for hit in hits(word, texts, TRACES_ALLOWED)] == [
        "app/main.py: {% if a %}"
    ]


def test_braces_of_python_are_no_tags() -> None:
    texts = {"app/main.py": """x = f'{{"a": "{b}"}}' + rf"{{0,30}}{c}" """}
    assert [hit for word in TRACES for hit in hits(word, texts, TRACES_ALLOWED)] == []


def test_a_value_that_was_not_rendered_is_found() -> None:
    for line in ("# {{ project_name }}", "# {{project_name}}", "{{ a | default('b') }}"):
        assert any(hits(word, {"README.md": line}, ()) for word in TRACES)


def test_the_generator_may_be_named_where_updates_are() -> None:
    texts = {"tools/update.sh": "    uvx copier update", "README.md": "Copier brings updates."}
    assert [hit for word in TRACES for hit in hits(word, texts, TRACES_ALLOWED)] == []
