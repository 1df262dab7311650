"""Zip archives: every member is an item of the import, read or refused."""

from __future__ import annotations

import io
import logging
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from statements.ingest.documents import Document, Facts, Refusal, UnreadableSidecar, sidecar_facts
from statements.ingest.readers import limits
from statements.ingest.readers.folders import is_companion
from statements.ingest.readers.reading import Refused

logger = logging.getLogger(__name__)

ReadMember = Callable[[str, bytes, Facts], Iterator[Document | Refusal]]

_END = b"PK\x05\x06"
_ENCRYPTED = 0x1
CHUNK = 65_536


class _Bomb(Refused):
    """The archive as a whole unpacks to too much: nothing more of it is read."""


def read_archive(name: str, raw: bytes, read_member: ReadMember) -> Iterator[Document | Refusal]:
    """Each member read in turn by `read_member`, under the name of the archive and its own path."""
    if too_many_members(raw):
        raise Refused(
            f"It holds more than {limits.MOST_MEMBERS:,} files; split it into smaller archives."
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except Exception:  # zipfile raises many kinds on damaged archives.
        raise Refused("It is cut off or damaged; download or pack it again.") from None
    with archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
        paths = {info.filename for info in members}
        if not members:
            raise Refused("The archive is empty; check that the right one was chosen.")
        unpacking = _Unpacking(archive, limits.LARGEST_UNPACKED)
        found = False
        for info in members:
            shown = f"{name}/{_shown(info.filename)}"
            reason = _refused_path(info)
            if reason:
                found = True
                yield Refusal(shown, reason, info.file_size)
                continue
            if is_companion(info.filename, paths):
                continue
            found = True
            try:
                content = unpacking.content(info)
                sidecar = _sidecar(unpacking, info.filename, paths)
            except _Bomb as refused:
                yield Refusal(shown, f"{refused} The rest of the archive was not read.", 0)
                return
            except (Refused, UnreadableSidecar) as refused:
                yield Refusal(shown, str(refused), info.compress_size)
                continue
            yield from read_member(shown, content, sidecar)
        if not found:
            raise Refused("The archive holds no file that is read; put the articles into it.")


def check_package(raw: bytes) -> None:
    """Raise Refused when an office document, which is an archive too, unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            unpacking = _Unpacking(archive, 4 * limits.LARGEST_OFFICE)
            for info in archive.infolist():
                if info.flag_bits & _ENCRYPTED:
                    raise Refused("It is protected by a password; save a copy without.")
                unpacking.pass_over(info)
    except Refused:
        raise
    except Exception:
        raise Refused("It is cut off or damaged; save it again.") from None


def too_many_members(raw: bytes) -> bool:
    """Whether the list of members, as zipfile will read it, is longer than any honest one."""
    end = raw.rfind(_END, max(0, len(raw) - 65_557))
    if end < 0 or len(raw) < end + 22:
        return False
    count = int.from_bytes(raw[end + 10 : end + 12], "little")
    length = int.from_bytes(raw[end + 12 : end + 16], "little")
    if raw[end - 20 : end - 16] == b"PK\x06\x07" and raw[end - 76 : end - 72] == b"PK\x06\x06":
        record = raw[end - 76 : end - 20]
        count = int.from_bytes(record[32:40], "little")
        length = int.from_bytes(record[40:48], "little")
    # A member takes 46 bytes, its name and a few attributes. The count may lie, the length not.
    return count > limits.MOST_MEMBERS or min(length, len(raw)) > limits.MOST_MEMBERS * 300


class _Unpacking:
    """Members of one archive, with what they came to so far."""

    def __init__(self, archive: zipfile.ZipFile, largest: int) -> None:
        self.archive = archive
        self.left = largest
        self.largest = largest

    def content(self, info: zipfile.ZipInfo) -> bytes:
        """What the member holds; raises Refused, counting what really comes out."""
        return b"".join(self._chunks(info, limits.LARGEST_MEMBER))

    def pass_over(self, info: zipfile.ZipInfo) -> None:
        for _ in self._chunks(info, self.largest):
            pass

    def _chunks(self, info: zipfile.ZipInfo, largest: int) -> Iterator[bytes]:
        packed = max(1, min(info.compress_size, self._whole()))
        size = 0
        try:
            with self.archive.open(info) as member:
                while chunk := member.read(CHUNK):
                    size += len(chunk)
                    self.left -= len(chunk)
                    if self.left < 0:
                        raise _Bomb(
                            f"It unpacks to more than {limits.megabytes(self.largest)}; "
                            "split it into smaller files."
                        )
                    if size > largest:
                        raise Refused(
                            f"It unpacks to more than {limits.megabytes(largest)}; "
                            "split it, or import it by itself."
                        )
                    if size > limits.RATIO_COUNTS_FROM and size > packed * limits.HIGHEST_RATIO:
                        raise Refused(
                            f"It unpacks to more than {limits.HIGHEST_RATIO} times its size, as "
                            "harmful archives do; unpack it yourself if you trust it."
                        )
                    yield chunk
        except Refused:
            raise
        except NotImplementedError:
            raise Refused("It is packed in a way that is not read; pack it again as zip.") from None
        except (RuntimeError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
            raise Refused("It is damaged inside the archive; pack it again.") from None
        except Exception:
            logger.exception("%s could not be unpacked", info.filename)
            raise Refused("It is damaged inside the archive; pack it again.") from None

    def _whole(self) -> int:
        stream = self.archive.fp
        return stream.getbuffer().nbytes if isinstance(stream, io.BytesIO) else 1 << 62


def _refused_path(info: zipfile.ZipInfo) -> str:
    """Why the member is not even opened, or nothing."""
    # zipfile cuts a name at a NUL; what stands in the archive tells whether it did.
    path = info.orig_filename.replace("\\", "/")
    if len(path.encode(errors="replace")) > limits.LONGEST_MEMBER_NAME:
        return "Its path is too long to be honest; shorten it and pack the archive again."
    leads_out = path.startswith("/") or re.match(r"[A-Za-z]:", path) or ".." in path.split("/")
    if leads_out or "\0" in path:
        return "Its path leads outside the archive; pack the archive again with plain paths."
    if stat.S_ISLNK(info.external_attr >> 16):
        return "It is a link, not a file; pack the file itself."
    if info.flag_bits & _ENCRYPTED:
        return "It is protected by a password; unpack it and pack it again without one."
    return ""


def _sidecar(unpacking: _Unpacking, path: str, paths: set[str]) -> Facts:
    beside = str(PurePosixPath(path).with_suffix(".toml"))
    if beside not in paths:
        return Facts()
    info = unpacking.archive.getinfo(beside)
    if _refused_path(info) or info.file_size > limits.MB:
        return Facts()
    return sidecar_facts(PurePosixPath(beside).name, unpacking.content(info))


def _shown(path: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in path)[-400:]
