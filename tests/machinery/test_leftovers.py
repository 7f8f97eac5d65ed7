"""The search for leftovers finds them, and lets pass what is allowed."""

from __future__ import annotations

from typing import Any

from tests.support.leftovers import TRACES, TRACES_ALLOWED, hits, left

ITEM: list[dict[str, Any]] = [{"name": "item", "fields": {"name": "str"}}]
SQLITE: dict[str, Any] = {
    "database": "sqlite",
    "auth": "none",
    "rate_limit": "none",
    "docker": "none",
    "ci": "none",
    "license": "MIT",
    "resources": ITEM,
}


def test_a_word_of_another_answer_is_found() -> None:
    assert left(SQLITE, {"README.md": "Uses PostgreSQL."}) == ["README.md: Uses PostgreSQL."]


def test_every_trace_of_accounts_is_found() -> None:
    words = ("user_id", "from jose import jwt", "The signed-in user", "log in", "an access token")
    more = ("hashed_password", "owner_id", "auth_sessions", "E-mail", "OAuth2", "CurrentUser")
    for line in words + more:
        assert set(left(SQLITE, {"app/main.py": line})) == {f"app/main.py: {line}"}


def test_a_word_of_several_answers_is_found_where_none_of_them_was_chosen() -> None:
    texts = {"app/main.py": "log in"}
    assert left(SQLITE, texts) != []
    assert left(SQLITE | {"auth": "jwt"}, texts) == []
    assert left(SQLITE | {"auth": "session"}, texts) == []


def test_each_way_to_prove_who_is_calling_has_words_of_its_own() -> None:
    tokens = (
        "from jose import jwt",
        "an access token",
        "Bearer",
        "app.accounts.login.tokens.endpoints",
    )
    cookies = ("a cookie", "X-CSRF-Token", "Sec-Fetch-Site", "__Host-session", "set_cookie")
    for lines, chosen, other in ((tokens, "jwt", "session"), (cookies, "session", "jwt")):
        for line in lines:
            answers = SQLITE | {"auth": chosen, "jwt_library": "python-jose"}
            assert left(answers, {"app/main.py": line}) == []
            assert left(SQLITE | {"auth": other}, {"app/main.py": line}) != []


def test_every_trace_of_limits_and_delivery_is_found() -> None:
    words = (
        "REDIS_URL",
        "fakeredis[lua]",
        "RateLimit-Policy",
        "RATE_LIMIT__DEFAULT",
        '"limits>=5"',
    )
    more = ("docker build .", "FROM x  # Dockerfile", "compose.production.yaml", "Caddyfile")
    for line in (*words, *more, "see .github/workflows/ci.yml"):
        assert set(left(SQLITE, {"README.md": line})) == {f"README.md: {line}"}


def test_each_way_of_limiting_has_words_of_its_own() -> None:
    memory, redis = {"app/core/rate_limit/memory.py": ""}, {"app/core/redis/client.py": ""}
    assert left(SQLITE | {"rate_limit": "memory"}, memory) == []
    assert left(SQLITE | {"rate_limit": "redis"}, memory) != []
    assert left(SQLITE | {"rate_limit": "redis"}, redis) == []
    assert left(SQLITE | {"rate_limit": "memory"}, redis) != []


def test_what_any_api_says_of_cookies_passes() -> None:
    texts = {
        "app/core/logging.py": '    r"(?i)passw|secret|token|authorization|cookie|api[_-]?key"',
        "app/core/settings.py": "        allow_credentials: Whether pages may send cookies.",
    }
    assert left(SQLITE | {"auth": "jwt"}, texts) == []


def test_what_only_looks_like_accounts_passes() -> None:
    texts = {
        "pyproject.toml": 'authors = [{ name = "Ada", email = "ada@example.com" }]',
        "app/core/settings.py": "    allow_credentials: bool = False",
        "app/db/base.py": "cannot connect to db://user:secret@host/name",
    }
    assert left(SQLITE, texts) == []


def test_a_path_of_another_answer_is_found() -> None:
    assert left(SQLITE, {"app/db/mysql.py": ""}) != []


def test_words_of_the_chosen_answer_are_no_leftovers() -> None:
    assert left(SQLITE, {"app/db/sqlite.py": "PRAGMA journal_mode=WAL"}) == []


def test_every_trace_of_the_default_resource_is_found_where_it_is_not() -> None:
    lines = ("class ItemRead:", "async def get_item(", "item_id: UUID", "Create an item.")
    more = ('prefix="/items"', "from app.crud.item import x", "MakeItem", "items:read", "an Item")
    for line in lines + more:
        assert left(SQLITE, {"app/main.py": line}) == []
        assert set(left(SQLITE | {"resources": []}, {"app/main.py": line})) == {
            f"app/main.py: {line}"
        }
    assert left(SQLITE | {"resources": []}, {"app/models/item.py": ""}) != []


def test_what_a_page_holds_are_items_of_any_resource() -> None:
    texts = {"app/schemas/page.py": "items: list[T]", "app/main.py": "for x in y.items():"}
    assert left(SQLITE | {"resources": []}, texts) == []


def test_a_word_of_the_resources_themselves_passes() -> None:
    answers = SQLITE | {"resources": [{"name": "person", "fields": {"contact": "email"}}]}
    assert left(answers, {"app/models/person.py": "email"}) == []
    assert left(answers, {"app/models/person.py": "password"}) != []


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
