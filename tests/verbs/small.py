"""A project of a template with few files: its own questions and verbs, and a model per resource."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import yaml
from copier import run_copy

from tests.questions.clone import ROOT, commit_all
from tests.support.verbs import RUNS, run_verb, stand_in
from tests.update.updating import replace

MODEL = "app/models/{% yield entity from entities %}{{ entity.name }}{% endyield %}.py.jinja"
FILES = {
    MODEL: "class {{ entity.class }}:\n"
    "    {% for field in entity.fields %}\n    {{ field.attribute }} = 1\n    {% endfor %}\n",
    ".gitignore": "__pycache__/\n",
    "app/names.py.jinja": "{% for entity in entities %}\n{{ entity.plural }} = 1\n{% endfor %}\n",
}
"""Two files that follow from the resources, and what a project has anyhow."""

ITEM = {"name": "item", "fields": {"name": "str", "note": "text optional"}}
PART = {"name": "part", "fields": {"item": "ref(item)"}}


def make_template(folder: Path) -> None:
    """Release a template whose verbs need no database: there is none while a file says so."""
    for name in ("copier.yml", "questions", "extensions"):
        copy(ROOT / name, folder / name)
    for name in ("justfile", "tools", "{{_copier_conf.answers_file}}.jinja"):
        copy(ROOT / "template" / name, folder / "template" / name)
    for name, text in FILES.items():
        (folder / "template" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "template" / name).write_text(text)
    verbs = folder / "template/justfile"
    replace(
        verbs,
        "{{ uv }} run alembic upgrade head\n",
        "test ! -e no-database || { echo no database >&2; false; }\n",
    )
    replace(
        verbs,
        '{{ uv }} run alembic "$@" revision --autogenerate --message="$message"',
        'mkdir -p migrations/versions; touch "migrations/versions/$message.py"',
    )
    commit_all(folder, "1.0.0")


def make_project(template: Path, folder: Path) -> Path:
    """Copy the template, for an item and its part, and commit it."""
    run_copy(str(template), folder, {"resources": [ITEM, PART]}, defaults=True, quiet=True)
    commit_all(folder)
    return folder


def copy(source: Path, target: Path) -> None:
    """Copy a file, or a folder without what Python left there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def resource(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Call the verb; nobody is there to answer it."""
    return run_verb(project, stand_in(project.parent, RUNS), "resource", *words)


def resources(project: Path) -> dict[str, dict[str, object]]:
    """The project's resources, by name."""
    answers = yaml.safe_load((project / ".copier-answers.yml").read_text())
    return {one["name"]: one for one in answers["resources"]}
