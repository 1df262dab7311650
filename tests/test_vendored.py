"""What came from elsewhere is listed, licensed and unchanged."""

import hashlib
import re
from pathlib import Path

STATIC = Path(__file__).parent.parent / "static"
ROW = re.compile(r"^\| `(?P<file>[^`]+)` \| .* \| `(?P<sha256>[0-9a-f]{64})` \|$", re.MULTILINE)
LISTED = {
    row["file"]: row["sha256"]
    for row in ROW.finditer((STATIC / "vendor/SOURCES.md").read_text(encoding="utf-8"))
}


def test_every_vendored_file_is_listed_and_unchanged():
    found = {
        path.relative_to(STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("fonts", "vendor")
        for path in (STATIC / folder).rglob("*")
        if path.is_file() and path.name != "SOURCES.md"
    }
    assert found == LISTED


def test_each_font_face_points_at_a_font_that_is_there():
    css = STATIC / "css/fonts.css"
    named = re.findall(r'url\("([^"]+)"\)', css.read_text(encoding="utf-8"))
    assert {(css.parent / name).resolve() for name in named} == set(
        (STATIC / "fonts").glob("*.woff2")
    )


def test_the_faces_of_an_ordinary_page_stay_small():
    faces = list((STATIC / "fonts").glob("*-latin-wght-*.woff2"))
    assert len(faces) == 3
    assert sum(face.stat().st_size for face in faces) < 110_000
