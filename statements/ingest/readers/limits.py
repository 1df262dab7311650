"""How much is read at most. What goes beyond is refused with a sentence that names the limit."""

from __future__ import annotations

MB = 1_000_000

# One file as it lies on the disk, whatever it holds.
LARGEST_FILE = 200 * MB
# One file that a parser must hold in memory as a tree: pages, feeds, NewsML-G2, RTF.
LARGEST_MARKUP = 20 * MB
# One .docx, .odt, .xlsx or .pdf.
LARGEST_OFFICE = 50 * MB
# Documents in one table, feed, web archive or file of records.
MOST_DOCUMENTS = 100_000
# Files in one folder with those below it.
MOST_FILES = 200_000
MOST_PDF_PAGES = 500
MOST_COLUMNS = 500
# How deep a record's keys are looked for the columns of a mapping.
DEEPEST_KEY = 4

# Zip archives. Sizes are counted while unpacking, since an archive may lie about them.
MOST_MEMBERS = 50_000
LARGEST_MEMBER = 50 * MB
LARGEST_UNPACKED = 2_000 * MB
# Text packs to a tenth, a table of repeated words to a fiftieth; a bomb to a thousandth.
HIGHEST_RATIO = 200
# Small members may pack better than that.
RATIO_COUNTS_FROM = MB
# A path inside an archive, in bytes.
LONGEST_MEMBER_NAME = 1_000

# The process that parses what may make a library hang or swell (see apart.py).
SECONDS_PER_DOCUMENT = 20
MEMORY = 2_000 * MB
# It ends when it has waited this long, or has grown beyond this.
IDLE_SECONDS = 60
GROWN = 500 * MB


def megabytes(size: int) -> str:
    """The size as people say it."""
    return f"{size / MB:,.0f} MB"
