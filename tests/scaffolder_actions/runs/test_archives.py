"""What a workspace's archive may hold, and what happens to one that holds something else."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import stat
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaffolder_actions.errors import ArchiveError, ArchiveTooLargeError
from scaffolder_actions.runs.archives import check, pack, unpack
from scaffolder_actions.runs.bounded import PIECE, RATIO_FROM, Limits

Member = tarfile.TarInfo
SMALL = Limits(total=1024 * 1024, members=20, depth=5, path=200)


def member(name: str, kind: bytes = tarfile.REGTYPE, *, size: int = 0, link: str = "", mode: int = 0o644) -> Member:
    made = tarfile.TarInfo(name)
    made.type, made.size, made.linkname, made.mode = kind, size, link, mode
    return made


def archive(*members: Member, format: int = tarfile.PAX_FORMAT) -> bytes:  # noqa: A002
    """A `.tar.gz` of members, their content being `x`."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", format=format) as tar:
        for each in members:
            tar.addfile(each, io.BytesIO(b"x" * each.size))
    return packed.getvalue()


def raw(tar: bytes) -> bytes:
    return gzip.compress(tar)


def with_pax(name: str, **headers: str) -> Member:
    made = member(name, size=3)
    made.pax_headers = headers
    return made


FOLDER = tarfile.DIRTYPE
HOSTILE: dict[str, tuple[bytes, str]] = {
    "a symbolic link": (archive(member("link", tarfile.SYMTYPE, link="/etc/passwd")), "'link' is a symbolic link"),
    "a symbolic link inside": (archive(member("a"), member("b", tarfile.SYMTYPE, link="a")), "'b' is a symbolic link"),
    "a hard link": (archive(member("a"), member("b", tarfile.LNKTYPE, link="a")), "'b' is a hard link"),
    "a character device": (archive(member("null", tarfile.CHRTYPE)), "'null' is a device"),
    "a block device": (archive(member("disk", tarfile.BLKTYPE)), "'disk' is a device"),
    "a pipe": (archive(member("pipe", tarfile.FIFOTYPE)), "'pipe' is a pipe"),
    "an unknown type": (archive(member("odd", b"Z")), "'odd' is neither a file nor a folder"),
    "a sparse file": (
        archive(with_pax("s", **{"GNU.sparse.map": "0,1", "GNU.sparse.size": "999999999999"})),
        "'s' is a sparse file",
    ),
    "a way up": (archive(member("../x", size=1)), "'../x' leads outside"),
    "a way up within": (archive(member("a/../../x", size=1)), "'a/../../x' leads outside"),
    "a way up that comes back": (archive(member("a/../x", size=1)), "'a/../x' leads outside"),
    "an absolute path": (archive(member("/etc/cron.d/x", size=1)), "'/etc/cron.d/x' is an absolute path"),
    "a NUL": (archive(with_pax("x", path="a\0b")), r"'a\\x00b' has control characters"),
    "a line break": (archive(member("a\nb")), r"'a\\nb' has control characters"),
    "an escape code": (archive(member("a\x1b[2J")), r"'a\\x1b\[2J' has control characters"),
    "a name that is not UTF-8": (archive(member("a\udcff"), format=tarfile.GNU_FORMAT), r"'a\\udcff' has control"),
    "a file without a name": (archive(member("./", size=1)), "is no path of a file|twice|is neither"),
    "the same file twice": (archive(member("a", size=1), member("./a", size=1)), "'./a' is in the archive twice"),
    "a file that was a folder": (archive(member("a", FOLDER), member("a", size=1)), "'a' is in the archive twice"),
    "a folder that was a file": (archive(member("a", size=1), member("a", FOLDER)), "'a' is in the archive twice"),
    "a file below a file": (archive(member("a", size=1), member("a/b", size=1)), "'a/b' lies below what is a file"),
    "too deep": (archive(member("/".join("abcdefg"), size=1)), "'a/b/c/d/e/f/g' is too deep"),
    "too long a name": (archive(member("n" * 300)), "longer than 200 bytes|too long"),
    "too many members": (archive(*[member(str(each)) for each in range(30)]), "more than 20 members"),
    "too large": (archive(member("large", size=2_000_000)), "more than 1,048,576 bytes"),
    "a header as large as a bomb": (archive(with_pax("x", comment="c" * 5_000_000)), "more than 1,048,576 bytes"),
    "no gzip": (b"PK\3\4 and so on", "not gzip"),
    "nothing": (b"", "cut off"),
    "gzip of nothing": (raw(b""), "not tar"),
    "gzip of something": (raw(b"something" * 1000), "not tar"),
    "cut off": (archive(member("a", size=50_000))[:-20], "cut off"),
    "cut off within the tar": (raw(gzip.decompress(archive(member("a", size=50_000)))[:5000]), "not tar|damaged"),
    "damaged": (archive(member("a", size=50_000))[:-8] + b"\0" * 8, "damaged"),
    "something behind it": (archive(member("a")) + b"tail", "behind the end"),
    "a second archive behind it": (archive(member("a")) + archive(member("b")), "behind the end"),
}


@pytest.mark.parametrize("act", ["check", "unpack"])
@pytest.mark.parametrize("name", HOSTILE)
def test_refuses(name: str, act: str, tmp_path: Path) -> None:
    """Each hostile archive is refused by both ways of reading, with the member's name, and writes nothing outside."""
    content, message = HOSTILE[name]
    folder = tmp_path / "inner" / "workspace"
    folder.mkdir(parents=True)
    with pytest.raises((ArchiveError, ArchiveTooLargeError), match=message):
        _act(act, folder)(io.BytesIO(content))
    assert [each.name for each in tmp_path.iterdir()] == ["inner"]
    assert [each.name for each in (tmp_path / "inner").iterdir()] == ["workspace"]


def _act(act: str, folder: Path) -> Callable[[io.BytesIO], None]:
    return (
        (lambda content: check(content, SMALL)) if act == "check" else (lambda content: unpack(content, folder, SMALL))
    )


def test_stops_a_bomb_early(tmp_path: Path) -> None:
    """Of an archive that unpacks a thousandfold, a tenth is read and unpacked before it is refused."""
    bomb = io.BytesIO(archive(member("zeros", size=256 * 1024 * 1024)))
    with pytest.raises(ArchiveTooLargeError, match="more than 200 times its size"):
        unpack(bomb, tmp_path, Limits(total=2 * 1024**3))
    assert bomb.tell() <= PIECE
    assert (tmp_path / "zeros").stat().st_size <= 200 * PIECE + RATIO_FROM


def test_takes_only_what_matters_of_attributes(tmp_path: Path) -> None:
    """A set-user-id bit, an owner or a time in the archive means nothing; that a file is a program does."""
    program = member("bin/run", size=1, mode=0o4777)
    program.uid, program.uname, program.mtime = 12345, "mallory", 1
    unpack(
        io.BytesIO(archive(member("bin", FOLDER, mode=0o000), program, member("read", size=1, mode=0o000))), tmp_path
    )
    assert stat.S_IMODE((tmp_path / "bin/run").stat().st_mode) & 0o7755 == 0o755
    assert stat.S_IMODE((tmp_path / "read").stat().st_mode) & 0o7755 == 0o644
    assert (tmp_path / "bin/run").stat().st_uid == os.getuid()


def test_leaves_out_what_git_keeps(tmp_path: Path) -> None:
    """`.git` is no content: it neither comes out of an archive nor goes into one."""
    unpack(io.BytesIO(archive(member(".git/config", size=1), member("sub/.git/HEAD", size=1), member("a"))), tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()] == ["a"]
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text("x")
    assert b"config" not in gzip.decompress(pack(tmp_path))


def test_packs_no_links(tmp_path: Path) -> None:
    """A link in a workspace is not followed into somebody else's files."""
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(ArchiveError, match="link is neither a file nor a folder"):
        pack(tmp_path)


def test_packs_no_more_than_the_limits(tmp_path: Path) -> None:
    """What could not be unpacked again is not packed."""
    (tmp_path / "a").write_bytes(bytes(2_000_000))
    with pytest.raises(ArchiveTooLargeError, match="1,048,576 bytes"):
        pack(tmp_path, SMALL)
    (tmp_path / "a").unlink()
    for number in range(30):
        (tmp_path / str(number)).touch()
    with pytest.raises(ArchiveTooLargeError, match="20 files"):
        pack(tmp_path, SMALL)


NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="/"), min_size=1, max_size=20)
NAMES = NAMES.filter(lambda name: name not in {".", "..", ".git"})
FILES = st.dictionaries(
    st.lists(NAMES, min_size=1, max_size=4).map(tuple), st.tuples(st.binary(max_size=300), st.booleans()), max_size=8
)


def _tree(folder: Path) -> dict[str, tuple[bytes, bool]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), bool(path.stat().st_mode & stat.S_IXUSR))
        for path in folder.rglob("*")
        if path.is_file()
    }


@settings(max_examples=60, deadline=None)
@given(FILES)
def test_comes_out_as_it_went_in(files: dict[tuple[str, ...], tuple[bytes, bool]]) -> None:
    """Packing and unpacking gives the same files, and packing those again the same bytes."""
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        for parts, (content, executable) in files.items():
            path = Path(first, *parts)
            if any(parent.is_file() for parent in path.parents) or path.is_dir():
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o755 if executable else 0o600)
        packed = pack(Path(first))
        unpack(io.BytesIO(packed), Path(second))
        assert _tree(Path(first)) == _tree(Path(second))
        assert pack(Path(second)) == packed


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_archive_is_an_error_of_ours(data: st.DataObject) -> None:
    """Whatever bytes are changed in an archive, the result is a workspace or one of two errors, never another."""
    tar = bytearray(
        gzip.decompress(archive(member("a/b", size=700), with_pax("ä" * 80, comment="y"), member("c", FOLDER)))
    )
    for _ in range(data.draw(st.integers(1, 4))):
        tar[data.draw(st.integers(0, len(tar) - 1))] = data.draw(st.integers(0, 255))
    _only_our_errors(raw(bytes(tar)))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_are_an_error_of_ours(content: bytes) -> None:
    """The same for bytes that were never an archive, and for any bytes in gzip."""
    _only_our_errors(content)
    _only_our_errors(raw(content))


def _only_our_errors(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as outer:
        folder = Path(outer) / "workspace"
        folder.mkdir()
        with contextlib.suppress(ArchiveError, ArchiveTooLargeError):
            unpack(io.BytesIO(content), folder, SMALL)
        assert [each.name for each in Path(outer).iterdir()] == ["workspace"]
