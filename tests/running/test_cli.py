"""The `market` command: its words, its exit statuses, and that it leaves nothing half done."""

import json
import os
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.payments.vietqr_codes import GOLDEN
from tests.plugins.furniture import put_furnished
from tests.source import ROOT


def market(*arguments: str, home: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "marketplace", *arguments],
        cwd=ROOT,
        env={**os.environ, "MARKET_HOME": str(home), "DATABASE_URL": "", "REDIS_URL": ""},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def test_vietqr_writes_the_golden_code_and_reads_it_back(tmp_path: Path) -> None:
    written = market(
        "vietqr", "write", "--bin", "970436", "--account", "1017588888", "--amount", "150000", "--memo", "SUBK7M2QX",
        home=tmp_path,
    )  # fmt: skip
    assert written.stdout.strip() == GOLDEN

    read = market("vietqr", "read", home=tmp_path, given=f"{GOLDEN}\n{GOLDEN[:-1]}1\n")

    good, bad = (json.loads(line) for line in read.stdout.splitlines())
    assert read.returncode == 1
    assert good["ok"] is True
    assert (good["fields"]["bin"], good["fields"]["amount"], good["fields"]["purpose"]) == (
        "970436", "150000", "SUBK7M2QX",
    )  # fmt: skip
    assert (bad["ok"], bad["reason"]) == (False, "crc_mismatch")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("vietqr", "write", "--bin", "970488", "--account", "1"), "market:"),
        (("vietqr", "write", "--bin", "970436", "--account", "1", "--amount", "500000000"), "500.000.000"),
        (("vietqr", "write", "--bin", "970436", "--account", "1", "--amount", "1.5"), "--amount"),
        (("nothing",), "No such command"),
    ],
)
def test_a_refusal_is_a_sentence_and_a_status_not_a_traceback(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    refused = market(*arguments, home=tmp_path)
    assert refused.returncode != 0
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_bad_setting_ends_the_command_with_its_name(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "marketplace", "doctor"],
        cwd=ROOT,
        env={**os.environ, "MARKET_HOME": str(tmp_path), "PORT": "eighty"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "PORT='eighty'" in done.stderr
    assert "Traceback" not in done.stderr


PREPARE = "import django; django.setup(); from marketplace.running.preparing import prepare; prepare()"


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """The home of an empty market."""
    put_furnished(f"sqlite:///{tmp_path / 'market.sqlite3'}")
    environment = {"MARKET_HOME": str(tmp_path), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "marketplace.settings"}
    subprocess.run([sys.executable, "-c", PREPARE], cwd=ROOT, env={**os.environ, **environment}, check=True)
    return tmp_path


def test_paying_a_code_that_was_never_given_out_is_refused(prepared: Path) -> None:
    refused = market("pay", "OCZ2222222222", home=prepared)
    assert refused.returncode == 1
    assert "mã thanh toán" in refused.stderr


def test_a_backup_brings_database_and_keys_back_and_keeps_them_apart(prepared: Path) -> None:
    told = market("doctor", home=prepared)
    assert told.returncode == 0, told.stdout
    assert "3321 communes of 3321" in told.stdout
    made = market("backup", str(prepared / "kept.tgz"), home=prepared)
    assert made.returncode == 0, made.stderr
    assert stat.S_IMODE((prepared / "kept.tgz.keys").stat().st_mode) == 0o600
    key = (prepared / "keys" / "field_keys").read_text()
    (prepared / "market.sqlite3").write_bytes(b"damaged")
    (prepared / "keys" / "field_keys").unlink()

    back = market("restore", str(prepared / "kept.tgz"), "--yes", home=prepared)

    assert back.returncode == 0, back.stderr
    assert (prepared / "keys" / "field_keys").read_text() == key
    assert market("doctor", home=prepared).returncode == 0


def test_a_file_that_is_no_backup_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "market.sqlite3").write_bytes(b"as it was")
    (tmp_path / "wrong.tgz").write_bytes(b"no archive")

    refused = market("restore", str(tmp_path / "wrong.tgz"), "--yes", home=tmp_path)

    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert (tmp_path / "market.sqlite3").read_bytes() == b"as it was"


def test_a_damaged_backup_leaves_database_and_keys_as_they_were(prepared: Path) -> None:
    assert market("backup", str(prepared / "kept.tgz"), home=prepared).returncode == 0
    with tarfile.open(prepared / "damaged.tgz", "w:gz") as archive:
        (prepared / "database.sqlite3").write_bytes(b"no database")
        archive.add(prepared / "database.sqlite3", arcname="database.sqlite3")
    (prepared / "kept.tgz.keys").rename(prepared / "damaged.tgz.keys")
    (prepared / "keys" / "field_keys").write_text((prepared / "keys" / "field_keys").read_text() + "\n")
    before = ((prepared / "keys" / "field_keys").read_bytes(), (prepared / "market.sqlite3").read_bytes())

    refused = market("restore", str(prepared / "damaged.tgz"), "--yes", home=prepared)

    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert ((prepared / "keys" / "field_keys").read_bytes(), (prepared / "market.sqlite3").read_bytes()) == before


def test_an_archive_cannot_write_outside_its_folder(prepared: Path) -> None:
    with tarfile.open(prepared / "evil.tgz", "w:gz") as archive:
        archive.add(ROOT / "README.md", arcname="../outside.md")
    assert market("restore", str(prepared / "evil.tgz"), "--yes", home=prepared).returncode == 1
    assert not (prepared.parent / "outside.md").exists()
