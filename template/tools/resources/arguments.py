"""What can be written after `just resource`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

DESCRIPTION = """\
Change the list of resources, the code that follows from it, and write the migration.
Your own edits stay. Commit first: it refuses a working tree that is not clean.
The database's tables do not change before `just migrate`.
"""
EXAMPLES = """\
examples:
  just resource add invoice "number: str(40) unique" "customer: ref(customer)"
  just resource field invoice "paid_on: date optional"
  just resource drop-field invoice note
  just resource rename invoice bill
  just resource rename bill.number code
  just resource remove bill

fields:
  name: type words = default
  types: str(200) text(10000) email url int float decimal(10,2) bool date datetime time
         duration uuid enum(draft, sent) json ref(customer) ref(user) many(tag)
         number(INV-{year}-{seq:5}) slug(title) list(str, 40) file(image/png)
  words: optional unique index search min=0 max=10 on_delete=restrict|cascade|set_null
         read_only create_only write_only
         filter=country,city include nested tree=8
  or in braces, with more: "price: {type: decimal, min: 0, description: Before tax}"

For what has no command (the description or the soft deletion of a resource that
exists, ...):
  just resource show > ../resources.yml; edit it; just resource check ../resources.yml;
  just resource apply ../resources.yml
In a list, a resource with another name is another one: its rows do not move there.
"""


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Read the words; ends the program if they are wrong, or ask for help."""
    parser = argparse.ArgumentParser(
        prog="just resource",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser("show", help="print the resources as YAML")
    add_adding(commands.add_parser("add", help="add a resource"))
    field = commands.add_parser(
        "field", help="add fields to a resource, or change them"
    )
    name_and_fields(field)
    dropping = commands.add_parser("drop-field", help="drop fields of a resource")
    dropping.add_argument("name", help="the resource")
    dropping.add_argument(
        "fields", nargs="+", metavar="field", help="the name of a field"
    )
    removing = commands.add_parser("remove", help="remove a resource")
    removing.add_argument("name", help="the resource")
    renaming = commands.add_parser("rename", help="rename a resource or a field")
    renaming.add_argument("old", help="the resource, or one of its fields: bill.number")
    renaming.add_argument("new", help="the new name, alone: code")
    renaming.add_argument("--plural", help="of a resource, where it is not regular")
    renaming.set_defaults(yes=False)
    checking = commands.add_parser("check", help="say what is wrong in a YAML file")
    checking.add_argument("file", type=Path, help="a file as `show` prints it")
    applying = commands.add_parser("apply", help="take the whole list from a YAML file")
    applying.add_argument("file", type=Path, help="a file as `show` prints it")
    for destructive in (field, dropping, removing, applying):
        destructive.add_argument(
            "--yes", action="store_true", help="do not ask before deleting"
        )
    return parser.parse_args(words)


def add_adding(parser: argparse.ArgumentParser) -> None:
    """Describe the command `add`."""
    name_and_fields(parser)
    parser.add_argument(
        "--id", choices=("uuid", "integer"), help="what names its rows; uuid otherwise"
    )
    parser.add_argument("--plural", help="where it is not regular: --plural people")
    parser.add_argument("--description", help="a sentence for the API's documentation")
    parser.add_argument("--summary", metavar="FIELD", help="what others show of it")
    parser.add_argument("--address", metavar="FIELD", help="what paths have of it")
    parser.add_argument(
        "--operations", help='some of list, read, create, update, delete: "list, read"'
    )
    parser.add_argument("--bulk", help="some of create, update, delete: many at once")
    parser.add_argument("--csv", help="export, import, or both: export, import")
    parser.add_argument("--read", metavar="WHO", help="public, users, owner or admin")
    parser.add_argument("--write", metavar="WHO", help="users, owner or admin")
    parser.add_argument(
        "--shared", action="store_true", help="it belongs to all, not to an owner"
    )
    parser.add_argument(
        "--soft-delete", action="store_true", help="deleted rows are only marked"
    )
    parser.add_argument(
        "--unique",
        action="append",
        default=[],
        metavar="FIELD,FIELD",
        help="fields whose values are unique together; can be repeated",
    )
    parser.set_defaults(yes=False)


def name_and_fields(parser: argparse.ArgumentParser) -> None:
    """Describe a resource and its fields."""
    parser.add_argument(
        "name", help="the resource, in the singular: invoice, line_item"
    )
    parser.add_argument(
        "fields",
        nargs="+",
        metavar="field",
        help='name, colon, type: "paid_on: date optional"',
    )
