"""The product's settings, and one page more: the empty one all others are held to."""

from __future__ import annotations

from trellis.config.settings import *  # noqa: F403 - the whole of it


ROOT_URLCONF = "benchmarks.urls"
