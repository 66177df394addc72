"""Dates and numbers in the Spanish of the United States.

The framework's Spanish is Spain's: 04/12/2026 for 4 December, which a reader here takes
for 12 April, and 5,32 for 5.32 kg. So a short date has its month in letters, a number
has a point, and figures alone are read with the month first.
"""

from __future__ import annotations


DATE_FORMAT = r"j \d\e F \d\e Y"
DATETIME_FORMAT = r"j \d\e F \d\e Y, H:i"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
TIME_FORMAT = "H:i"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y"]
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
