"""What proofs of resources share."""

import httpx2
import pytest

from proofs.resources.rows import Maker


@pytest.fixture
def maker(client: httpx2.AsyncClient) -> Maker:
    """Return what creates rows as the usual client."""
    return Maker(client)
