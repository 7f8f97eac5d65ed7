"""Reads the template's questions, the source of the matrix's dimensions."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "questions"


@cache
def questions() -> dict[str, dict[str, Any]]:
    """All questions that are asked, by name, in the order in which they are asked."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(QUESTIONS.glob("*.yml")):
        for document in yaml.safe_load_all(path.read_text()):
            found |= {key: value for key, value in (document or {}).items() if key[0] != "_"}
    return {name: _long(question) for name, question in found.items() if _is_asked(question)}


@cache
def choices(name: str) -> tuple[Any, ...]:
    """The values that one question offers, the default first."""
    question = questions()[name]
    if question.get("type") == "bool":
        return (question["default"], not question["default"])
    offered = question["choices"]
    values = offered.values() if isinstance(offered, dict) else offered
    plain = [value["value"] if isinstance(value, dict) else value for value in values]
    return tuple(sorted(plain, key=lambda value: value != question["default"]))


def is_choice(name: str) -> bool:
    """Tell whether a question offers a closed list of values."""
    question = questions()[name]
    return "choices" in question or question.get("type") == "bool"


def _long(question: Any) -> dict[str, Any]:
    return question if isinstance(question, dict) else {"default": question}


def _is_asked(question: Any) -> bool:
    if not isinstance(question, dict):
        return True
    # A guard evaluates something first; its last word is what counts.
    last_word = str(question.get("when", True)).split()[-1]
    return last_word.lower() != "false"
