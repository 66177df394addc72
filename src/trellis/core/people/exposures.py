"""Which of a child's diagnoses tell of the mother's care, or of the child's custody.

They belong to the sealed part of the record (class ``child_exposure``) whoever coded
them, because whoever reads them learns of somebody else's treatment. What is doubtful
is sealed: a sealed diagnosis is still read by those who care for the exposed child.
Source: privacy.md 1.8; ICD-10-CM, chapters P, Q, R, T and Z.
"""

from __future__ import annotations

import re
from typing import Final

from trellis.core.people.names import folded


# P04 newborn affected by substances; P96.1, P96.2 withdrawal; Q86.0 fetal alcohol
# syndrome; R75 unclear HIV test; T74, T76 maltreatment; Z20.5, Z20.6 contact with
# hepatitis or HIV; Z62.2 in care away from parents; Z63.7, Z81.1-Z81.4 the family's.
CODES: Final = (
    "P04",
    "P961",
    "P962",
    "Q860",
    "R75",
    "T74",
    "T76",
    "Z205",
    "Z206",
    "Z622",
    "Z637",
    "Z811",
    "Z812",
    "Z813",
    "Z814",
)
WORDS: Final = re.compile(
    r"abstinen|withdrawal|opioid|opiate|methadone|buprenorphine|narcotic|heroin"
    r"|fentanyl|cocaine|amphetamine|cannabis|alcohol|\bdrugs?\b|substance|overdose"
    r"|toxicolog|meconium screen|\bn(?:as|ows)\b|in.utero|intrauterine|prenatal expos"
    r"|maternal (?:use|expos|hepatitis|hiv)|hepatitis c|\bhcv\b|\bhiv\b"
    r"|foster|child protect|custody|maltreat|neglect|child abuse"
)


def tells_of_exposure(code: str, text: str) -> bool:
    """Whether a coded diagnosis belongs to the sealed part of the child's record.

    ``text`` is the sender's own words; codes of another system are judged by them.
    """
    plain = code.upper().replace(".", "")
    return plain.startswith(CODES) or WORDS.search(folded(text)) is not None
