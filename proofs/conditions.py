"""What a project answered, and which proofs apply to which answers."""

from collections.abc import Callable
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
PROOFS = ROOT / "proofs"

Condition = Callable[[], bool]


@cache
def answers() -> dict[str, Any]:
    """Return the answers that the project was rendered with."""
    text = (ROOT / ".copier-answers.yml").read_text()
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def answered(question: str, *values: str) -> Condition:
    """Return whether a question has one of these answers, as a condition."""
    return lambda: answers()[question] in values


def rendered(path: str) -> Condition:
    """Return whether the project has a file or folder, as a condition."""
    return (ROOT / path).exists


def both(*conditions: Condition) -> Condition:
    """Return whether all conditions hold, as a condition."""
    return lambda: all(condition() for condition in conditions)


def either(*conditions: Condition) -> Condition:
    """Return whether one condition holds, as a condition."""
    return lambda: any(condition() for condition in conditions)


ALWAYS: Condition = both()
JWT = answered("auth", "jwt")
SESSION = answered("auth", "session")
ACCOUNTS = either(JWT, SESSION)
REDIS = answered("rate_limit", "redis")
LIMITED = answered("rate_limit", "memory", "redis")
SQLITE = answered("database", "sqlite")
POSTGRESQL = answered("database", "postgresql")
MYSQL = answered("database", "mysql")

PLUGINS: dict[str, Condition] = {
    "run": ALWAYS,
    "sqlite": SQLITE,
    "postgresql": POSTGRESQL,
    "mysql": MYSQL,
    "database": ALWAYS,
    "app": ALWAYS,
    "sample": ALWAYS,
    "custom": ALWAYS,
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
    "client": lambda: not ACCOUNTS(),
    "log": ALWAYS,
}
"""Modules of `proofs/fixtures` that are plugins, in the order in which they are loaded."""

APPLIES: dict[str, Condition] = {
    "accounts/*": ACCOUNTS,
    "accounts/test_commands_without_redis.py": REDIS,
    "accounts/test_seed_access.py": rendered("app/seed.py"),
    "accounts/test_throttle_redis.py": REDIS,
    "accounts/test_throttle_rows.py": lambda: not REDIS(),
    "accounts/test_throttle_without_redis.py": REDIS,
    "cookies/*": SESSION,
    "core/security/*": ACCOUNTS,
    "core/security/test_forged_tokens.py": JWT,
    "core/security/test_jwt.py": JWT,
    "core/test_network.py": either(ACCOUNTS, LIMITED),
    "db/test_mysql.py": MYSQL,
    "db/test_postgresql.py": POSTGRESQL,
    "db/test_sqlite.py": SQLITE,
    "db/test_unreachable.py": either(POSTGRESQL, MYSQL),
    "mail/*": ACCOUNTS,
    "rate_limit/*": LIMITED,
    "rate_limit/test_memory.py": answered("rate_limit", "memory"),
    "rate_limit/test_redis*.py": REDIS,
    "rate_limit/test_users.py": ACCOUNTS,
    "resources/*": rendered("app/seed.py"),
    "resources/test_scope.py": ACCOUNTS,
    "tokens/*": JWT,
}
"""What must hold for files that match; those that match nothing apply always."""


def plugins() -> list[str]:
    """Return the fixtures that this project's proofs use."""
    return [f"proofs.fixtures.{name}" for name, holds in PLUGINS.items() if holds()]


def applies(name: str) -> bool:
    """Return whether a file of proofs, by its path below `proofs`, applies here."""
    return all(holds() for path, holds in APPLIES.items() if fnmatch(name, path))


def ignored() -> list[str]:
    """Return the files and folders of proofs that do not apply to this project."""
    folders = {path.split("/*")[0] for path in APPLIES if path.endswith("/*")}
    files = (path.relative_to(PROOFS).as_posix() for path in PROOFS.rglob("*.py"))
    left_out = [one for one in folders if not applies(f"{one}/")]
    return sorted([*left_out, *(name for name in files if not applies(name))])
