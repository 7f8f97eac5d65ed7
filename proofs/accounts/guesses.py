"""Guessing passwords, from one place or from two."""

import httpx2
from fastapi import FastAPI

from proofs.accounts.calls import attempt
from proofs.fixtures.app import client_key

HOME, AWAY = "198.51.100.1", "203.0.113.9"
WRONG = "a-wrong-password"


def client_at(app: FastAPI, address: str) -> httpx2.AsyncClient:
    """Make a client that has an address."""
    return client_key(app, client=(address, 50000))


async def statuses(
    client: httpx2.AsyncClient, login: str, *passwords: str
) -> list[int]:
    """Try passwords one after the other, and give what the answers were."""
    return [
        (await attempt(client, login, password)).status_code for password in passwords
    ]
