"""A resource and its fields are called like nothing that a project has already."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel
from sqlalchemy.dialects.mysql.reserved_words import RESERVED_WORDS_MYSQL
from sqlalchemy.dialects.postgresql.base import RESERVED_WORDS

from tests.questions.libraries import library
from tests.support.questions import ROOT
from tests.support.render import render

TEMPLATE = ROOT / "template"
PER_RESOURCE = re.compile(r"\{% yield \w+ from \w+ %\}\{\{ ([\w.]+) \}\}\{% endyield %\}")
LOOSE = {
    *("admin", "general", "get_master_public_key", "ignore_server_ids", "master_bind"),
    *("master_heartbeat_period", "member", "parse_gcol_expr", "persist", "persist_only", "role"),
    *("slow", "_filename", "new", "old", "off"),
}
"""Words that MySQL or PostgreSQL take as names without quotes, though SQLAlchemy lists them."""

RESOURCES = [
    {
        "name": "gadget",
        "id": "integer",
        "read": "users",
        "bulk": "create, update, delete",
        "csv": "export, import",
        "soft_delete": True,
        "unique": [["keeper", "kind"]],
        "check": ["weight > size", "about required if kind = large"],
        "fields": {
            "title": "str(40) unique",
            "number": "number(G-{seq})",
            "kind": "enum(small, large) = small",
            "mail": "email optional",
            "site": "url optional",
            "pieces": "int min=1",
            "weight": "float optional",
            "size": "float optional",
            "price": "decimal(10,2) min=0 max=9 = 1",
            "is_new": "bool = true",
            "made_on": "date",
            "seen_at": "datetime index",
            "opens_at": "time",
            "way_there": "duration",
            "mark": "uuid optional",
            "extra": "json optional",
            "hints": "list(str)",
            "years": "list(int)",
            "about": "text optional search",
            "keeper": "ref(keeper)",
            "buyer": "ref(keeper) optional on_delete=set_null",
            "whole": "ref(gadget) optional on_delete=set_null",
            "maker": "ref(user) read_only",
            "helper": "ref(user) optional",
            "owning": "many(keeper)",
            "picture": "file(image/png)",
        },
    },
    {"name": "keeper", "owned": False, "bulk": "delete", "fields": {"name": "str"}},
    {
        "name": "keeper_post",
        "address": "slug",
        "fields": {
            "title": "str",
            "slug": "slug(title)",
            "whole": "ref(keeper_post) optional tree",
        },
    },
    {
        "name": "keeper_file",
        "address": "number",
        "fields": {"number": "number(K-{seq})", "about": "str"},
    },
    {"name": "keeper_code", "address": "code", "fields": {"code": "str(9) unique"}},
]
OWNED = re.compile("(?:Gadget|KeeperPost|KeeperFile|KeeperCode|Keeper)(|[A-Z]\\w+)")
ENDPOINTS = r"/endpoints(/|\.py)|/health\.py"
OWN = re.compile("(?i)gadget|keeper|buyer|whole|owning")


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> list[ast.Module]:
    """The files of resources, which have fields of every type."""
    full = render({"resources": RESOURCES}, tmp_path_factory.mktemp("reserved") / "full")
    paths = [path for path in full.rglob("*.py") if OWN.search(path.name)]
    return [ast.parse(path.read_text()) for path in paths]


def refused(name: str, plural: str | None = None) -> bool:
    """Tell whether no resource can have this name, or this plural."""
    resource = {"name": name, "plural": plural, "fields": {"one": "int"}}
    return bool(library("resources").refusal([resource]))


def beside(path: Path) -> Iterator[tuple[str, str]]:
    """What modules are called that stand where each resource has one, and after what of it."""
    kind = PER_RESOURCE.search(path.name)[1]  # type: ignore[index]
    pattern = re.compile(PER_RESOURCE.sub("NAME", path.name).replace("NAME", "([a-z_0-9]+)"))
    for other in path.parent.iterdir():
        found = pattern.fullmatch(f"{other.name.removesuffix('.jinja')}.jinja")
        if found and "{%" not in other.name and found[1] != "__init__":
            yield kind, found[1]


def written(pattern: str, folder: str, where: str = "") -> set[str]:
    """What a pattern finds in the files of the template that are no resource's."""
    sources = [path for path in (TEMPLATE / folder).rglob("*.py*") if path.suffix != ".pyc"]
    shared = [path for path in sources if "{%" not in path.name]
    paths = [path for path in shared if re.search(where, path.as_posix())]
    return {one for path in paths for one in re.findall(pattern, path.read_text(), re.MULTILINE)}


def imported(trees: list[ast.Module]) -> set[str]:
    """All names that these files import."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    lines = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    return {(one.asname or one.name).split(".")[0] for line in lines for one in line.names}


def local(trees: list[ast.Module]) -> set[str]:
    """All names of arguments and variables in these files, but for attributes of classes."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inner = [node for function in functions for node in ast.walk(function)]
    arguments = {node.arg for node in inner if isinstance(node, ast.arg)}
    stored = (node for node in inner if isinstance(node, ast.Name))
    return arguments | {node.id for node in stored if isinstance(node.ctx, ast.Store)}


def test_no_module_of_the_project_stands_beside_those_of_resources() -> None:
    templates = [path for path in TEMPLATE.rglob("*.jinja") if PER_RESOURCE.search(path.name)]
    assert len(templates) > 5
    found = {pair for path in templates for pair in beside(path)}
    assert {pair for pair in found if not refused("thing", pair[1])} == set()


def test_no_resource_has_a_table_of_the_project() -> None:
    tables = written(r'__tablename__ = "(\w+)"', "")
    assert len(tables) > 5
    assert [name for name in sorted(tables) if not refused("thing", name)] == []


def test_no_resource_has_an_operation_of_the_project() -> None:
    verbs = "create|get|replace|update|delete"
    names = written(rf"\)\nasync def (?:{verbs})_(?!own_)(\w+)\(", "app", ENDPOINTS)
    assert {"user", "liveness"} < names
    assert [name for name in sorted(names) if not refused(name)] == []
    plurals = written(r"\)\nasync def list_(\w+)\(", "app", ENDPOINTS)
    assert "users" in plurals
    assert [name for name in sorted(plurals) if not refused("thing", name)] == []


def test_no_resource_has_a_fixture_of_the_project() -> None:
    names = written(r"def make_(\w+)\(", "tests") - {*library("locals").busy}
    assert "user" in names
    assert [name for name in sorted(names) if not refused(name)] == []


def test_no_code_is_a_word_that_paths_have_already() -> None:
    [words] = [
        ast.literal_eval(node.value)
        for node in ast.parse((TEMPLATE / "app/core/resource/reserved.py").read_text()).body
        if isinstance(node, ast.Assign)
    ]
    step = re.compile(library("addresses").step)
    assert [word for word in sorted(words) if step.search(word)] == []
    assert [word for word in sorted(words) if not step.search(f"{word}-1")] == []


def test_few_nouns_are_taken_by_the_project() -> None:
    assert len(library("reserved").own) <= 10


def test_no_resource_is_called_like_a_class_of_python() -> None:
    classes = [one for one in dir(builtins) if re.fullmatch(r"([A-Z][a-z0-9]+)+", one)]
    names = [re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", one).lower() for one in classes]
    assert len(names) > 60
    assert [name for name in names if not refused(name)] == []


def test_no_resource_is_called_like_a_class_that_its_files_import(
    generated: list[ast.Module],
) -> None:
    bases = set[str]()
    for tree in generated:
        nodes = list(ast.walk(tree))
        there = imported([tree]) | {one.name for one in nodes if isinstance(one, ast.ClassDef)}
        matches = [OWNED.fullmatch(one) for one in there]
        endings = {one[1] for one in matches if one} & {*library("outlines").endings}
        others = {one for one in there if not OWN.search(one)}
        pairs = [(one, ending) for one in others for ending in endings]
        bases |= {one.removesuffix(ending) for one, ending in pairs if one.endswith(ending)}
    classes = {one for one in bases if re.fullmatch(r"([A-Z][a-z0-9]+)+", one)}
    names = {re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", one).lower() for one in classes}
    assert len(names) > 20
    assert [name for name in sorted(names) if not refused(name)] == []
    assert [name for name in library("reserved").classes if name not in names] == []


def test_no_type_of_a_field_is_called_like_a_class_that_its_file_imports(
    generated: list[ast.Module],
) -> None:
    bodies = [tree for tree in generated if "PatchSchema" in imported([tree])]
    classes = {one for one in imported(bodies) if re.fullmatch(r"([A-Z][a-z0-9]+)+", one)}
    names = {re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", one).lower() for one in classes}
    known = {*library("reserved").classes, *library("reserved").types_of_bodies}
    assert [name for name in sorted(names) if not OWN.search(name) and name not in known] == []


def test_no_variable_is_called_like_another_of_its_file(generated: list[ast.Module]) -> None:
    names = {one for one in imported(generated) | local(generated) if one[0].islower()}
    names = {one for one in names if not OWN.search(one)}
    assert len(names) > 30
    busy = library("locals").busy
    assert [one for one in sorted(names) if one not in busy and not refused(one)] == []


@pytest.mark.parametrize("word", [one for one in keyword.kwlist if one.islower()])
def test_nothing_is_called_like_a_word_of_python(word: str) -> None:
    assert refused(word)
    assert refused("thing", word)
    assert library("resources").refusal([{"name": "thing", "fields": {word: "int"}}]) != ""


def test_no_field_hides_a_type_that_the_classes_of_a_resource_name(
    generated: list[ast.Module],
) -> None:
    classes = [
        node for tree in generated for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    ]
    fields = [node for one in classes for node in one.body if isinstance(node, ast.AnnAssign)]
    methods = [node for one in classes for node in one.body if isinstance(node, ast.FunctionDef)]
    named = [
        *(one.annotation for one in fields),
        *(one for method in methods for one in (*method.decorator_list, *ast.walk(method.args))),
        *(method.returns for method in methods if method.returns),
    ]
    found = {one.id for top in named for one in ast.walk(top) if isinstance(one, ast.Name)}
    types = {one for one in found if one.islower()}
    assert {"str", "date", "datetime", "list"} <= types
    known = {*library("reserved").types, *library("reserved").attributes}
    assert sorted(types - known) == []


def test_no_table_is_called_like_a_word_of_sql() -> None:
    known = (RESERVED_WORDS | RESERVED_WORDS_MYSQL) - LOOSE
    assert sorted(known - set(library("reserved").sql)) == []


def test_no_field_hides_what_bodies_and_tables_have() -> None:
    bases = [
        *("app/core/resource/model.py", "app/core/resource/soft_deletion.py"),
        *("app/accounts/models.py.jinja", "app/db/base.py", "app/core/schemas.py"),
    ]
    tag = re.compile(r"^ *\{%.*\n", re.MULTILINE)
    trees = [ast.parse(tag.sub("", (TEMPLATE / path).read_text())) for path in bases]
    classes = [node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]
    tables = ("User", "AuthSession", "AuditEvent", "MailToken")
    classes = [one for one in classes if one.name not in tables]
    columns = {
        node.target.id
        for one in classes
        for node in one.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    page = ast.parse((TEMPLATE / "app/core/lists/page.py").read_text())
    query = next(
        one for one in page.body if isinstance(one, ast.ClassDef) and one.name == "ListQuery"
    )
    parameters = {
        node.target.id
        for node in query.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    inherited = {one for one in dir(BaseModel) if one[0] != "_" and one[:6] != "model_"}
    names = {one for one in columns | parameters | inherited if one[:2] != "__"}
    assert len(names) > 20
    known = library("reserved").attributes + library("reserved").parameters
    assert sorted(names - {*known, "type_annotation_map"}) == []
