"""Which proofs apply to a project, and which answers they can see."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
PROOFS = Path(__file__).parent

Condition = Callable[[Path], bool]
"""Whether something holds for the project in a folder."""


@cache
def answers(root: Path) -> dict[str, Any]:
    """Return the answers that a project was rendered with."""
    text = (root / ".copier-answers.yml").read_text()
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def answered(question: str, *values: str) -> Condition:
    """Return whether a question has one of these answers, as a condition."""
    return lambda root: answers(root)[question] in values


def rendered(path: str) -> Condition:
    """Return whether the project has a file or folder, as a condition."""
    return lambda root: (root / path).exists()


def negated(condition: Condition) -> Condition:
    """Return whether a condition does not hold, as a condition."""
    return lambda root: not condition(root)


def either(*conditions: Condition) -> Condition:
    """Return whether one condition holds, as a condition."""
    return lambda root: any(condition(root) for condition in conditions)


def always(_root: Path) -> bool:
    """Hold for every project."""
    return True


JWT = answered("auth", "jwt")
SESSION = answered("auth", "session")
ACCOUNTS = either(JWT, SESSION)
REDIS = answered("rate_limit", "redis")
LIMITED = answered("rate_limit", "memory", "redis")
SQLITE = answered("database", "sqlite")
POSTGRESQL = answered("database", "postgresql")
GUARDED = either(
    rendered("app/accounts/access.py"), rendered("app/accounts/ownership.py")
)
MYSQL = answered("database", "mysql")
BY_SERVICE = rendered("tests/fixtures/by_service.py")
"""Some rows are made by services alone."""

PLUGINS: dict[str, Condition] = {
    "run": always,
    "sqlite": SQLITE,
    "postgresql": POSTGRESQL,
    "mysql": MYSQL,
    "database": always,
    "app": always,
    "sample": always,
    "custom": always,
    "limits": LIMITED,
    "redis": REDIS,
    "relay": REDIS,
    "redis_away": REDIS,
    "accounts": ACCOUNTS,
    "mail": ACCOUNTS,
    "users": ACCOUNTS,
    "commands": ACCOUNTS,
    "bearer": JWT,
    "cookies": SESSION,
    "client": negated(ACCOUNTS),
    "log": always,
}
"""Modules of `proofs/fixtures` that are plugins, in the order in which they are loaded."""

APPLIES: dict[str, Condition] = {
    "accounts/*": ACCOUNTS,
    "accounts/test_commands_without_redis.py": REDIS,
    "accounts/test_seed_access.py": rendered("tools/seed.py"),
    "accounts/test_throttle_redis.py": REDIS,
    "accounts/test_throttle_rows.py": negated(REDIS),
    "accounts/test_throttle_without_redis.py": REDIS,
    "cookies/*": SESSION,
    "core/security/*": ACCOUNTS,
    "core/security/test_forged_tokens.py": JWT,
    "core/security/test_jwt.py": JWT,
    "core/test_network.py": either(ACCOUNTS, LIMITED),
    "db/test_migration_locks.py": either(POSTGRESQL, MYSQL),
    "db/test_mysql.py": MYSQL,
    "db/test_postgresql.py": POSTGRESQL,
    "db/test_sqlite.py": SQLITE,
    "db/test_unreachable.py": either(POSTGRESQL, MYSQL),
    "mail/*": ACCOUNTS,
    "rate_limit/*": LIMITED,
    "rate_limit/test_memory.py": answered("rate_limit", "memory"),
    "rate_limit/test_redis*.py": REDIS,
    "rate_limit/test_users.py": ACCOUNTS,
    "resources/*": rendered("tools/seed.py"),
    "resources/test_[!a]*.py": negated(either(GUARDED, BY_SERVICE)),
    "resources/test_access.py": GUARDED,
    "resources/test_ac*.py": negated(BY_SERVICE),
    "resources/test_addresses.py": rendered("app/core/resource/former_addresses.py"),
    "resources/test_allowed_operations.py": BY_SERVICE,
    "resources/test_bulk.py": rendered("app/core/bulk"),
    "resources/test_csv.py": rendered("app/core/csv"),
    "resources/test_files.py": rendered("app/core/files"),
    "resources/test_numbers.py": rendered("app/core/resource/numbers"),
    "resources/test_reference_filters.py": rendered(
        "app/core/resource/reference_filters.py"
    ),
    "resources/test_rules.py": rendered("app/core/fields/rules.py"),
    "resources/test_scope.py": ACCOUNTS,
    "resources/test_search.py": rendered("app/core/resource/search"),
    "resources/test_scalar_lists.py": rendered("app/core/resource/scalar_lists"),
    "resources/test_slugs.py": rendered("app/core/resource/slugs.py"),
    "resources/test_trees.py": rendered("app/core/resource/trees.py"),
    "resources/test_users.py": ACCOUNTS,
    "tokens/*": JWT,
}
"""What must hold for files that match; those that match nothing apply always."""

QUESTIONS = ("database", "auth", "rate_limit")
"""Questions whose answers can change what a proof does."""

ALONE = ("jwt_library",)
"""Questions whose answers change what few proofs do: one project shows each."""

STRENGTH = 2
"""How many answers at a time each proof meets, in the projects that it runs on."""

SEES: dict[str, tuple[tuple[str, ...], int]] = {
    "accounts/*": (QUESTIONS, 1),
    "accounts/test_*parallel*": (QUESTIONS, 2),
    "accounts/test_*thrott*": (QUESTIONS, 2),
    "api/*": (QUESTIONS, 1),
    "cookies/*": (QUESTIONS, 1),
    "core/*": (QUESTIONS, 1),
    "core/security/*": (("auth", "jwt_library"), 1),
    "crud/*": (("database", "auth"), 1),
    "db/*": (("database", "auth"), 1),
    "mail/*": (QUESTIONS, 1),
    "rate_limit/*": (QUESTIONS, 1),
    "resources/*": (("database", "auth"), 1),
    "resources/test_changes.py": (("database", "auth"), 0),
    "resources/test_guarded.py": (("database", "auth"), 0),
    "resources/test_including.py": (("database", "auth"), 0),
    "resources/test_refusals.py": ((), 0),
    "services/*": (("database", "auth"), 1),
    "tokens/test_bearer.py": ((*QUESTIONS, *ALONE), 2),
    "test_docs.py": (QUESTIONS, 1),
    "test_health*.py": (QUESTIONS, 1),
}
"""Which answers the files that match can see, and how many of them at a time.

All questions, `STRENGTH` at a time, unless the last match says otherwise.
"""


def sees(name: str) -> tuple[tuple[str, ...], int]:
    """Return which answers a file of proofs can see, and how many at a time."""
    found = [seen for path, seen in SEES.items() if fnmatch(name, path)]
    return found[-1] if found else (QUESTIONS, STRENGTH)


def plugins() -> list[str]:
    """Return the fixtures that this project's proofs use."""
    chosen = (name for name, holds in PLUGINS.items() if holds(ROOT))
    return [f"proofs.fixtures.{name}" for name in chosen]


def applies(name: str, root: Path = ROOT) -> bool:
    """Return whether a file of proofs, by its path below `proofs`, applies to a project."""
    return all(holds(root) for path, holds in APPLIES.items() if fnmatch(name, path))


def ignored() -> list[str]:
    """Return the files and folders of proofs that do not apply to this project."""
    folders = {path.split("/*")[0] for path in APPLIES if path.endswith("/*")}
    files = (path.relative_to(PROOFS).as_posix() for path in PROOFS.rglob("*.py"))
    left_out = [one for one in folders if not applies(f"{one}/")]
    return sorted([*left_out, *(name for name in files if not applies(name))])
