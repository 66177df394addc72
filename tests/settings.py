"""The settings of the product, in a data folder that lasts one test run.

pytest-django loads this before any conftest.py, hence the environment is set here.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path


# Playwright's synchronous interface keeps an event loop in the thread; without this
# every browser test ends in SynchronousOnlyOperation.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

if "PYTEST_XDIST_WORKER" in os.environ:  # the folder of the run is inherited
    _folder = Path(os.environ["TRELLIS_DATA"]) / os.environ["PYTEST_XDIST_WORKER"]
else:
    _folder = Path(tempfile.mkdtemp(prefix="trellis-test-"))
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
(_folder / "static").mkdir(parents=True, exist_ok=True)  # whitenoise warns without
os.environ["TRELLIS_DATA"] = str(_folder)
os.environ.pop("TRELLIS_DEMO", None)

from trellis.config.settings import *  # noqa: E402, F403 - after the environment
from trellis.config.settings import DATABASES  # noqa: E402


if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file, so that tests run in WAL mode with several threads. Only tests may lower
    # synchronous: a power cut costs them nothing, the disk's time costs minutes.
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"]["OPTIONS"],
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
    }
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast, not safe

# Programs that a test starts run on the product's own settings.
os.environ["DJANGO_SETTINGS_MODULE"] = "trellis.config.settings"
