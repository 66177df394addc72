"""The product without what makes a race safe: the harness must notice.

SQLite: transactions begin without the write lock and do not wait for it. PostgreSQL:
rows are read without being locked.
"""

from __future__ import annotations

from django.db.models import QuerySet

from trellis.config.settings import *  # noqa: F403 - the whole of it
from trellis.config.settings import DATABASES


if "sqlite" in DATABASES["default"]["ENGINE"]:
    del DATABASES["default"]["OPTIONS"]["transaction_mode"]
    DATABASES["default"]["OPTIONS"]["timeout"] = 0.05
else:
    QuerySet.select_for_update = lambda self, **_: self.all()
