"""``python -m trellis`` is the same as ``trellis``."""

from __future__ import annotations

import sys

from trellis.cli.main import main


sys.exit(main())
