"""Runs the management commands; `python -m proofs.sample serve` serves the samples too."""

import app.main
from app.cli import cli
from app.config import load_settings
from proofs.fixtures.app import app_with_samples
from proofs.sample.endpoints import router

if __name__ == "__main__":
    app.main.app = app_with_samples(load_settings(), [router])
    cli()
