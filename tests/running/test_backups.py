import gzip
import io
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from marketplace.running.backups import BadBackup, BadFolder, backup, restore

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def archive_with(member: tarfile.TarInfo, path: Path) -> Path:
    with tarfile.open(path, mode="w:gz") as archive:
        member.size = 3 if member.isfile() else 0
        archive.addfile(member, io.BytesIO(b"bad"))
    return path


def link_to(target: str) -> tarfile.TarInfo:
    link = tarfile.TarInfo("media/picture.jpg")
    link.type, link.linkname = tarfile.SYMTYPE, target
    return link


def device() -> tarfile.TarInfo:
    null = tarfile.TarInfo("media/null")
    null.type, null.devmajor, null.devminor = tarfile.CHRTYPE, 1, 3
    return null


def what_is_there() -> set[Path]:
    return set(Path(settings.MARKET_HOME).parent.glob("outside*")) | set(Path(settings.MARKET_HOME).rglob("*"))


@pytest.mark.parametrize(
    "member",
    [
        tarfile.TarInfo("../../outside"),
        tarfile.TarInfo("media/../../../outside"),
        tarfile.TarInfo("/tmp/outside-of-the-market"),  # noqa: S108 - must not be written
        link_to("../../keys/secret_key"),
        device(),
    ],
    ids=["above", "above by a detour", "absolute", "link", "device"],
)
def test_an_archive_that_reaches_outside_itself_is_refused_and_writes_nothing(
    member: tarfile.TarInfo, tmp_path: Path
) -> None:
    before = what_is_there()

    with pytest.raises(BadBackup):
        restore(archive_with(member, tmp_path / "backup.tar.gz"))

    assert what_is_there() == before
    assert not Path("/tmp/outside-of-the-market").exists()  # noqa: S108


def test_an_archive_that_was_damaged_on_the_way_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress(bytes(range(256)) * 400)
    damaged = tmp_path / "backup.tar.gz"
    damaged.write_bytes(whole[: len(whole) // 2] + b"\xff" * 64 + whole[len(whole) // 2 + 64 :])

    with pytest.raises(BadBackup):
        restore(damaged)


def test_a_backup_into_a_folder_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadFolder, match="Không có thư mục"):
        backup(tmp_path / "nowhere" / "x.tar.gz", now=NOW)

    assert list(tmp_path.iterdir()) == []
