"""Changes the list of resources: `uv run just resource --help` says how."""

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.resources import arguments, entries, merging, migration, project
from tools.resources.commands import COMMANDS, read
from tools.resources.errors import RefusalError
from tools.resources.mentions import mentions
from tools.resources.names import Names, names_between
from tools.resources.plan import Plan
from tools.resources.rendering import render, render_both, stored

SHOWN = 6


def main() -> int:
    """Do what the command says; the status is 0 if nothing is left to mend."""
    given = arguments.parse(sys.argv[1:])
    try:
        resources = stored()
        if given.command == "show":
            print(entries.to_yaml(resources), end="")
            return 0
        if given.command == "check":
            check(given.file)
            return 0
        project.require_clean()
        new, message = COMMANDS[given.command](resources, given)
        if new == resources:
            raise RefusalError("The resources are like that already.")
        with TemporaryDirectory() as folder:
            both = render_both(Path(folder), new)
            is_rename = given.command == "rename"
            plan = Plan(*both, names_between(*both) if is_rename else Names())
            agree(plan, yes=given.yes)
            return change(plan, plan.title(message))
    except RefusalError as refusal:
        print(refusal, file=sys.stderr)
    except (EOFError, KeyboardInterrupt):
        print(
            "\nInterrupted; `git status` shows whether anything is changed.",
            file=sys.stderr,
        )
    return 1


def check(file: Path) -> None:
    """Have the template look at a file of resources; nothing is written.

    Raises:
        RefusalError: With all that is wrong, a sentence for each mistake.
    """
    with TemporaryDirectory() as folder:
        render(Path(folder), read(file), without=["*"])
    print(f"{file} can be applied.")


def agree(plan: Plan, *, yes: bool) -> None:
    """Ask before anything is deleted.

    Raises:
        RefusalError: If the owner does not want it, or nobody can be asked.
    """
    plan.require_same_ids()
    plan.require_same_lists()
    plan.require_room()
    warning = plan.warning()
    print(warning, end="", flush=True)
    if not warning or yes:
        return
    if not sys.stdin.isatty():
        raise RefusalError("Nothing is changed: say that you want it by --yes.")
    if input("Delete it? [y/N] ").strip().lower() not in ("y", "yes"):
        raise RefusalError("Nothing is changed.")


def change(plan: Plan, message: str) -> int:
    """Change the code, write the migration, and say what to look at."""
    if plan.changes_tables:
        migration.require_migrated()
    absent = plan.absent
    merging.update(plan)
    came = [one for one in project.new_files() if one not in plan.moved.values()]
    if plan.moved:
        print(f"Moved: {shortened([*plan.moved.values()])}")
    print(f"New: {shortened(came)}\nChanged: {shortened(project.changed_files())}")
    print(mentions(plan), end="")
    require_whole(plan, absent, message)
    if plan.changes_tables:
        written = migration.write(message, plan.names.options)
        questions = " ".join(migration.questions(written))
        print(
            f"Migration: {written}{f'; decide first: {questions}' if questions else ''}"
        )
    print("Then: uv run just migrate && uv run just check")
    return 0


def require_whole(plan: Plan, absent: Sequence[str], message: str) -> None:
    """Stop if a part of the change did not find its place.

    Raises:
        RefusalError: If there are conflicts, or files that the owner has moved or
            deleted.
    """
    left = []
    for path in absent:
        new_path = plan.moved.get(path, path)
        left.append(
            project.difference(plan.former.root / path, plan.future.root / new_path)
        )
        left.append(
            f"You moved or deleted {path}: make the change above where it is now."
        )
    if conflicting := project.conflicts():
        left.append("Mend the conflicts, where both sides changed the same lines:")
        left += conflicting
    if left:
        left.append(f"Then: {migration.command(message, plan.names.options)}")
        raise RefusalError("\n".join(left))


def shortened(names: list[str]) -> str:
    """Name some of these files, and count the others."""
    if len(names) <= SHOWN:
        return ", ".join(names) or "nothing"
    return f"{', '.join(names[: SHOWN - 1])} and {len(names) - SHOWN + 1} more"


if __name__ == "__main__":
    sys.exit(main())
