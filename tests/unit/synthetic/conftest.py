"""The demo network of one seed and day, made once for all tests of this folder."""

from __future__ import annotations

from datetime import date

import pytest

from trellis.synthetic.network import make_network


AS_OF = date(2026, 3, 10)


@pytest.fixture(scope="session")
def network():
    return make_network(seed=1, as_of=AS_OF)


@pytest.fixture(scope="session")
def sites(network):
    return network.sites
