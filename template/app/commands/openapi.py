"""The command that prints the documentation."""

import json

import click

from app.config import load_settings
from app.main import create_app


@click.command()
def openapi() -> None:
    """Print the OpenAPI document, for generating clients."""
    click.echo(json.dumps(create_app(load_settings()).openapi(), indent=2))
