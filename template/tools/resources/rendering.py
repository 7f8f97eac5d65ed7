"""The project as the template writes it, without its owner's edits."""

import re
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from copier import VcsRef, run_copy
from copier.errors import CopierError

from tools.resources.errors import RefusalError

ANSWERS = ".copier-answers.yml"
OF_THE_PROJECT = (".env", ANSWERS, "migrations/versions/")
"""What an update never touches, and the answers themselves."""


@dataclass(frozen=True)
class Rendering:
    """The project for some answers.

    Attributes:
        entities: What follows from each resource, by its name.
        lists: What is known of the lists below others.
    """

    root: Path
    entities: Mapping[str, Mapping[str, Any]]
    lists: Sequence[Mapping[str, Any]]

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The content of each file that an update answers for, by its path."""
        files = {
            one.relative_to(self.root).as_posix(): one for one in self.root.rglob("*")
        }
        return {
            name: file.read_bytes()
            for name, file in sorted(files.items())
            if file.is_file() and not name.startswith(OF_THE_PROJECT)
        }


def answers() -> dict[str, Any]:
    """Read the answers that are stored in the project.

    Raises:
        RefusalError: If there are none.
    """
    try:
        found: dict[str, Any] = yaml.safe_load(
            Path(ANSWERS).read_text(encoding="utf-8")
        )
    except OSError as error:
        raise RefusalError(
            f"There is no {ANSWERS}, which says how a project was made."
        ) from error
    return found


def stored() -> list[Any]:
    """Return the list of resources that the project has.

    Raises:
        RefusalError: If it was made before there were any.
    """
    if "resources" not in answers():
        raise RefusalError(
            "The answers name no resources yet: take them by `just update` first."
        )
    found: list[Any] = answers()["resources"]
    return found


def render(
    folder: Path, resources: object = None, without: Sequence[str] = ()
) -> Rendering:
    """Render the project anew, by the version of the template that it has.

    Args:
        folder: Where to; it need not exist.
        resources: The list of resources, if it is another one than now.
        without: Patterns of files to leave out.

    Raises:
        RefusalError: If the template refuses the list; the sentence is the template's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ANSWERS, folder)
    data = {} if resources is None else {"resources": resources}
    try:
        with run_copy(
            answers()["_src_path"],
            folder,
            data,
            vcs_ref=VcsRef.CURRENT,
            exclude=without,
            defaults=True,
            overwrite=True,
            quiet=True,
        ) as worker:
            found = worker.answers.combined
    except (CopierError, ValueError) as error:
        raise RefusalError(sentence(error)) from error
    entities = {one["name"]: one for one in found["entities"]}
    lists = [*found["nested"], *found["links"], *found["trees"]]
    return Rendering(folder, entities, lists)


def render_both(folder: Path, resources: object) -> tuple[Rendering, Rendering]:
    """Render the project for the resources that it has, and for others.

    Raises:
        RefusalError: If the template refuses the others.
    """
    with ProcessPoolExecutor(2) as pool:
        former = pool.submit(render, folder / "former")
        future = pool.submit(render, folder / "future", resources)
        return former.result(), future.result()


def sentence(error: Exception) -> str:
    """Take the template's own sentence out of an error."""
    return re.sub(r"\AValidation error for question '\w+': ", "", str(error))
