"""A verb hands on what it was given, word by word, and no shell reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.verbs import TELLS, run_verb, stand_in

HOSTILE = 'it\'s "two" `words` for $HOME; \\ *'


@pytest.mark.parametrize("verb", ["test", "makemigration", "fuzz"])
def test_a_word_arrives_as_it_was_written(root: Path, tmp_path: Path, verb: str) -> None:
    done = run_verb(root, stand_in(tmp_path, TELLS), verb, HOSTILE)
    assert done.returncode == 0, done.stderr
    assert HOSTILE in done.stdout


def test_several_words_stay_apart(root: Path, tmp_path: Path) -> None:
    words = ("test", "-k", "items or health", "-q")
    done = run_verb(root, stand_in(tmp_path, TELLS), *words)
    assert done.stdout == "<run><pytest><-k><items or health><-q>"


def test_a_verb_needs_no_words(root: Path, tmp_path: Path) -> None:
    uv = stand_in(tmp_path, TELLS)
    assert run_verb(root, uv, "test").stdout == "<run><pytest>"
    assert "<http://127.0.0.1:8000/openapi.json>" in run_verb(root, uv, "fuzz").stdout


def test_the_sample_data_finds_its_tables(root: Path, tmp_path: Path) -> None:
    done = run_verb(root, stand_in(tmp_path, TELLS), "seed")
    assert done.stdout == "<run><alembic><upgrade><head><run><python><-m><tools.seed>"
