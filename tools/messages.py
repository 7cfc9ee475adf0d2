"""Collect the texts of the project that are to be translated, and compile the translations.

Texts are written in Vietnamese, in the code and in the templates; every other language is a `.po` file. This needs
no gettext on the machine: Django turns a template into calls that Babel's reader of Python understands.

    python tools/messages.py            bring the .po files up to date and compile them
    python tools/messages.py --check    change nothing; say what is missing, and exit with status 1 if anything is
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("marketplace", "vendors", "catalog", "payments", "storefront")
CATALOGUES = ROOT / "marketplace" / "locale"
LANGUAGES = ("en",)
BORROWED = ROOT / "marketplace" / "operations" / "locale" / "vi" / "LC_MESSAGES" / "django.po"
"""Texts of libraries that bring no Vietnamese: written by hand, only compiled here."""
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **dict.fromkeys(("gettext_lazy", "gettext_noop"), (1,)),
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = "# Chợ 4.0. Texts come from the code and the templates by `make messages`; translations are written here."
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where Babel would write the minute of compiling, which would make each .mo file another."""


def collected(root: Path = ROOT) -> Catalog:
    """Every text in the project that is marked for translation."""
    found = Catalog()
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            source = BytesIO(_as_python(path).encode())
            for _, text, _, context in extract("python", source, keywords=KEYWORDS):
                found.add(text, context=context)
    return found


def _as_python(path: Path) -> str:
    """The file as Python source: itself, the calls that a template comes to, or nothing."""
    if path.suffix == ".py" and "migrations" not in path.parts:
        return path.read_text(encoding="utf-8")
    if path.suffix in {".html", ".txt", ".svg"} and "templates" in path.parts:
        return str(templatize(path.read_text(encoding="utf-8")))
    return ""


def translated(language: str, *, texts: Catalog, folder: Path = CATALOGUES) -> Catalog:
    """The catalogue of a language, with exactly `texts` in it and the translations that are known."""
    path = po_file(language, folder)
    content = path.read_bytes() if path.exists() else b""
    known = read_po(BytesIO(content), locale=language)
    catalogue = Catalog(locale=language, header_comment=HEADER, fuzzy=False)
    for message in texts:
        if message.id:
            kept = known.get(message.id, message.context)
            text = kept.string if kept and not kept.fuzzy else ""
            catalogue.add(message.id, text, context=message.context)
    return catalogue


def po_file(language: str, folder: Path = CATALOGUES) -> Path:
    """Where the translations into a language are written."""
    return folder / language / "LC_MESSAGES" / "django.po"


def as_po(catalogue: Catalog) -> bytes:
    """The text of a .po file, the same for the same translations."""
    stream = BytesIO()
    write_po(stream, catalogue, width=110, omit_header=True, no_location=True, sort_output=True)
    plural = f'"Plural-Forms: {catalogue.plural_forms}\\n"'
    head = f'{HEADER}\nmsgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n{plural}\n\n'
    return head.encode() + stream.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """The compiled form of a catalogue, the same for the same translations."""
    stream = BytesIO()
    written = read_po(BytesIO(as_po(catalogue)), locale=str(catalogue.locale))
    written.creation_date = NO_DATE
    write_mo(stream, written)
    return stream.getvalue()


def untranslated(catalogue: Catalog) -> Iterator[str]:
    """The texts of a catalogue that have no translation, or not in every plural form."""
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and not all(forms):
            yield str(message.id)


def stale_files(language: str, *, texts: Catalog, folder: Path = CATALOGUES) -> list[Path]:
    """The files of a language that are not what the project's texts and the known translations come to."""
    catalogue = translated(language, texts=texts, folder=folder)
    path = po_file(language, folder)
    wanted = {path: as_po(catalogue), path.with_suffix(".mo"): as_mo(catalogue)}
    return [file for file, content in wanted.items() if not file.exists() or file.read_bytes() != content]


def write(language: str, *, texts: Catalog, folder: Path = CATALOGUES) -> Catalog:
    """Bring the files of a language up to date; answer its catalogue."""
    catalogue = translated(language, texts=texts, folder=folder)
    path = po_file(language, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    content, compiled = as_po(catalogue), as_mo(catalogue)
    path.write_bytes(content)
    path.with_suffix(".mo").write_bytes(compiled)
    return catalogue


def borrowed() -> Catalog:
    """The catalogue of the libraries' texts, as it is written."""
    return read_po(BytesIO(BORROWED.read_bytes()), locale="vi")


def check(texts: Catalog) -> list[str]:
    """What is missing, a line each; empty when all languages are complete and their files up to date."""
    problems = []
    for language in LANGUAGES:
        problems += [f"{file.relative_to(ROOT)} is out of date" for file in stale_files(language, texts=texts)]
        problems += [f"{language}: {text}" for text in untranslated(translated(language, texts=texts))]
    if BORROWED.with_suffix(".mo").read_bytes() != as_mo(borrowed()):
        problems.append(f"{BORROWED.with_suffix('.mo').relative_to(ROOT)} is out of date")
    return problems


def main(arguments: list[str]) -> int:
    """Do what the command line asks; the exit status."""
    texts = collected()
    if arguments == ["--check"]:
        problems = check(texts)
        print(*problems, sep="\n")
        if problems:
            print("Run `make messages`, then translate what is empty in the .po files.", file=sys.stderr)
        return bool(problems)
    BORROWED.with_suffix(".mo").write_bytes(as_mo(borrowed()))
    for language in LANGUAGES:
        missing = list(untranslated(write(language, texts=texts)))
        print(f"{language}: {len(texts)} texts, {len(missing)} without a translation")
        print(*missing, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
