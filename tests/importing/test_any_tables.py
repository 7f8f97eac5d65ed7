"""Whatever tables are made up, the list is one that the template takes."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from random import Random

import pytest
import yaml

from importer.__main__ import main
from importer.language import refusals

SEEDS = range(40)
NAMES = (
    *("id", "Id", "name", "order", "select", "class", "list", "Größe", "a b", "x.y", "1st", "__x"),
    *("user", "users", "password", "api_token", "created_at", "updatedAt", "row_version", "total"),
    *("metadata", "date", "date_id", "long_name_" * 6, "%s", "{{x}}", "x_key", "x", "self", "é"),
    *("model_x", "copy", "xmin", "test", "tests", "people", "person", "data", "news", "item"),
    *("items", "'q", "\t", "Index", "index", "JSON", "名前"),
)
TYPES = (
    *(
        "INTEGER",
        "TEXT",
        "VARCHAR(20)",
        "NVARCHAR(3000)",
        "NUMERIC",
        "NUMERIC(1,1)",
        "REAL",
        "BLOB",
    ),
    *("DECIMAL(20,10)", "DATE", "DATETIME", "TIME", "BOOLEAN", "JSON", "", "WEIRD", "CHAR(0)"),
)
WORDS = ("", "NOT NULL", "UNIQUE", "DEFAULT 0", "DEFAULT 'x'", "DEFAULT (1+1)", "DEFAULT x'00'")
CHECKS = ("> 0", "IN (1, 2)", "IN ('a', 'b')", "BETWEEN 1 AND 9", "<> 3")


def quoted(name: str) -> str:
    return f'"{name}"'


def table(random: Random, name: str, others: list[str]) -> str:
    """A statement that makes a table, which SQLite may refuse."""
    columns = random.sample(NAMES, random.randint(1, 9))
    parts = []
    for column in columns:
        words = [quoted(column), random.choice(TYPES), random.choice(WORDS)]
        if random.random() < 0.2:
            words.append(f"CHECK ({quoted(column)} {random.choice(CHECKS)})")
        if random.random() < 0.3:
            rule = random.choice(("", "ON DELETE CASCADE", "ON DELETE SET NULL"))
            words.append(f"REFERENCES {quoted(random.choice([name, *others]))} {rule}")
        parts.append(" ".join(words))
    if random.random() < 0.8:
        key = random.sample(columns, min(len(columns), random.randint(1, 2)))
        parts.append(f"PRIMARY KEY ({', '.join(map(quoted, key))})")
    return f"CREATE TABLE {quoted(name)} ({', '.join(parts)})"


@pytest.mark.parametrize("seed", SEEDS)
def test_any_tables_become_what_the_template_takes(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    random = Random(seed)  # noqa: S311
    file, made = tmp_path / "there.db", list[str]()
    connection = sqlite3.connect(file)
    for name in random.sample(NAMES, random.randint(2, 7)):
        try:
            connection.execute(table(random, name, made))
            made.append(name)
        except sqlite3.OperationalError:
            continue
    connection.close()
    status = main([str(file)])
    written = capsys.readouterr()
    if status:
        assert written.err == "There is no table that could be a resource.\n"
        return
    assert "Mend by hand" not in written.err
    assert refusals(yaml.safe_load(written.out)["resources"]) == []
