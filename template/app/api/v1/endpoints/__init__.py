"""Endpoints, a module per resource; what is no resource is listed here."""

from fastapi import APIRouter

ROUTERS: list[APIRouter] = []
"""Routers of modules of your own."""

ROUTER_TAGS: list[dict[str, str]] = []
"""How the documentation groups them."""
