"""Tells what settings rendered projects have, and whether what they are given makes sense to them.

Run as a program of its own, since all projects call their package `app`: it reads a list of cases
from standard input, each with a folder, an environment and a folder with secrets, and prints what
became of each.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel


def names(model: type[BaseModel], prefix: str = "") -> dict[str, bool]:
    """The names of all settings, as the environment has them, and whether they are required."""
    found: dict[str, bool] = {}
    for name, field in model.model_fields.items():
        full = f"{prefix}{name}".upper()
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found |= names(kind, f"{full}__")
        else:
            found[full] = field.is_required()
    return found


def examine(case: dict[str, Any]) -> dict[str, Any]:
    """Load the settings of one project."""
    sys.path.insert(0, case["root"])
    os.environ.clear()
    os.environ.update(case["environment"])
    try:
        config = importlib.import_module("app.config")
        found = names(config.Settings)
        settings = config.load_settings(Path(case["secrets"]))
        return {"names": found, "error": "", "settings": settings.model_dump(mode="json")}
    except SystemExit as error:
        return {"names": found, "error": str(error), "settings": {}}
    finally:
        sys.path.remove(case["root"])
        for name in [one for one in sys.modules if one.split(".")[0] == "app"]:
            del sys.modules[name]


if __name__ == "__main__":
    json.dump([examine(case) for case in json.load(sys.stdin)], sys.stdout)
