"""Files that come with a GraphQL request, by the GraphQL multipart request specification."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import graphene
import pytest
from django.core.files.uploadedfile import UploadedFile
from django.test import Client
from graphql import GraphQLResolveInfo

from marketplace.api.graphql import documents as documents_module
from marketplace.api.graphql import uploads, view
from marketplace.api.graphql.documents import documents
from marketplace.api.graphql.types.scalars import Upload
from tests.api.asking import URL, raw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

ONE = "mutation($file: Upload!) { take(files: [$file]) }"
MANY = "mutation($files: [Upload!]!) { take(files: $files) }"
INSIDE = "mutation($input: Photo!) { takePhoto(input: $input) }"
FORM = "multipart/form-data; boundary=edge"


class Photo(graphene.InputObjectType):
    """A file in an input."""

    file = Upload(required=True)


class Takes(graphene.ObjectType):
    """What takes files, before the market has a mutation that does."""

    take = graphene.List(graphene.String, files=graphene.List(graphene.NonNull(Upload), required=True))
    take_photo = graphene.String(input=Photo(required=True))
    take_text = graphene.String(text=graphene.String())

    @staticmethod
    def resolve_take(_root: None, _info: GraphQLResolveInfo, *, files: list[Any]) -> list[str]:
        return [told(file) for file in files]

    @staticmethod
    def resolve_take_photo(_root: None, _info: GraphQLResolveInfo, *, input: Any) -> str:
        return told(input["file"])


def told(file: UploadedFile[Any]) -> str:
    content = file.read()
    return f"{file.name} {len(content)} {hashlib.sha256(content).hexdigest()[:8]}"


@pytest.fixture(autouse=True)
def takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A schema that takes files, in place of the market's."""
    schema = graphene.Schema(query=Takes, mutation=Takes)
    monkeypatch.setattr(view, "schema", schema)
    monkeypatch.setattr(documents_module, "schema", schema)
    documents.forget()


def body(*parts: tuple[str, str | bytes, str]) -> bytes:
    """A multipart body; each part has a name, a content, and the name of a file ("" for a field)."""
    found = b""
    for name, content, file in parts:
        head = f'form-data; name="{name}"' + (f'; filename="{file}"\r\nContent-Type: text/plain' if file else "")
        sent = content.encode() if isinstance(content, str) else content
        found += f"--edge\r\nContent-Disposition: {head}\r\n\r\n".encode() + sent + b"\r\n"
    return found + b"--edge--\r\n"


def operations(query: str, **variables: Any) -> tuple[str, str, str]:
    return ("operations", json.dumps({"query": query, "variables": variables}), "")


def places(**paths: list[str]) -> tuple[str, str, str]:
    return ("map", json.dumps({name.removeprefix("n"): wanted for name, wanted in paths.items()}), "")


def refused(answer: Any, status: int = 400) -> str:
    content = answer.json()
    assert (answer.status_code, content.keys()) == (status, {"errors"}), content
    sentence: str = content["errors"][0]["message"]
    return sentence


def told_of(content: bytes, name: str) -> str:
    return f"{name} {len(content)} {hashlib.sha256(content).hexdigest()[:8]}"


def test_one_file_as_in_the_specification() -> None:
    answer = raw(
        body(operations(ONE, file=None), places(n0=["variables.file"]), ("0", "Alpha", "a.txt")), content_type=FORM
    )

    assert answer.json()["data"] == {"take": [told_of(b"Alpha", "a.txt")]}


def test_a_list_of_files_as_in_the_specification() -> None:
    parts = (operations(MANY, files=[None, None]), places(n0=["variables.files.0"], n1=["variables.files.1"]))

    answer = raw(body(*parts, ("0", "Bravo", "b.txt"), ("1", "Charlie", "c.txt")), content_type=FORM)

    assert answer.json()["data"] == {"take": [told_of(b"Bravo", "b.txt"), told_of(b"Charlie", "c.txt")]}


def test_a_file_inside_an_input_and_a_name_that_tries_to_leave_its_folder() -> None:
    parts = (operations(INSIDE, input={"file": None}), places(n0=["variables.input.file"]))

    answer = raw(body(*parts, ("0", b"\x00\xff", "../../etc/passwd")), content_type=FORM)

    assert answer.json()["data"] == {"takePhoto": told_of(b"\x00\xff", "passwd")}


def test_a_file_may_stand_in_two_places() -> None:
    parts = (operations(MANY, files=[None, None]), places(n0=["variables.files.0", "variables.files.1"]))

    answer = raw(body(*parts, ("0", b"", "a.txt")), content_type=FORM)

    assert answer.status_code == 200
    assert len(answer.json()["data"]["take"]) == 2


@pytest.mark.parametrize(
    ("query", "variables", "path"),
    [
        ("query($t: String) { takeText(text: $t) }", {"t": None}, "t"),
        ("query($t: JSONThing) { takeText(text: $t) }", {"t": None}, "t"),
        ("{ takeText }", {"t": None}, "t"),
        (INSIDE, {"input": {"other": None}}, "input.other"),
        (ONE, {"file": [None]}, "file.0"),
    ],
)
def test_a_variable_of_another_type_takes_no_file(query: str, variables: dict[str, Any], path: str) -> None:
    parts = (operations(query, **variables), places(n0=[f"variables.{path}"]), ("0", "x", "a.txt"))

    sentence = refused(raw(body(*parts), content_type=FORM))

    assert "takes no file" in sentence or sentence == "Unknown type 'JSONThing'."


def test_a_text_is_no_file() -> None:
    answer = raw(json.dumps({"query": ONE, "variables": {"file": "a.txt"}}))
    written = raw(json.dumps({"query": 'mutation { take(files: ["a.txt"]) }'}))

    assert "The value is not a file of a multipart request." in refused(answer)
    assert refused(written)


FILE = ("0", "x", "a.txt")
GOOD = operations(ONE, file=None)
HERE = places(n0=["variables.file"])


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ((HERE, FILE), "An upload has one field"),
        ((GOOD, FILE), "An upload has one field"),
        ((GOOD, GOOD, HERE, FILE), "An upload has one field"),
        ((GOOD, HERE, ("more", "x", ""), FILE), "An upload has one field"),
        ((GOOD, HERE, FILE, FILE), "Too many files, or several of one name"),
        ((GOOD, HERE), "`map` must name every file"),
        ((GOOD, HERE, FILE, ("1", "y", "b.txt")), "`map` must name every file"),
        ((GOOD, ("map", "[]", ""), FILE), "`map` must name every file"),
        ((GOOD, ("map", "{", ""), FILE), "not valid JSON"),
        ((("operations", "{", ""), HERE, FILE), "not valid JSON"),
        ((("operations", "[]", ""), HERE, FILE), "Batch"),
        ((GOOD, ("map", '{"0": "variables.file"}', ""), FILE), "must hold a list of paths"),
        ((GOOD, ("map", '{"0": []}', ""), FILE), "must hold a list of paths"),
        ((GOOD, ("map", '{"0": [1]}', ""), FILE), "must be a short text"),
        ((GOOD, ("map", '{"0": ["%s"]}' % ("x" * 201), ""), FILE), "must be a short text"),
        ((GOOD, places(n0=["query"]), FILE), "only lead into the variables"),
        ((GOOD, places(n0=["0.variables.file"]), FILE), "only lead into the variables"),
        ((GOOD, places(n0=["variables"]), FILE), "only lead into the variables"),
        ((GOOD, places(n0=["variables..file"]), FILE), "only lead into the variables"),
        ((GOOD, places(n0=["variables.other"]), FILE), "leads to no variable"),
        ((GOOD, places(n0=["variables.file.name"]), FILE), "leads to no variable"),
        ((operations(MANY, files=[None]), places(n0=["variables.files.1"]), FILE), "leads to no variable"),
        ((operations(MANY, files=[None]), places(n0=["variables.files.-1"]), FILE), "leads to no variable"),
        ((operations(ONE, file="x"), HERE, FILE), "must lead to null"),
        ((GOOD, places(n0=["variables.file", "variables.file"]), FILE), "must lead to null"),
    ],
)
def test_a_form_that_is_not_of_the_specification_is_refused(parts: tuple[Any, ...], sentence: str) -> None:
    assert sentence in refused(raw(body(*parts), content_type=FORM))


def test_so_many_files_and_places_are_taken_and_no_more() -> None:
    def sent(files: int, paths: int) -> Any:
        wanted: dict[str, list[str]] = {f"n{n}": [f"variables.files.{n}"] for n in range(files)}
        wanted["n0"] += [f"variables.files.{n}" for n in range(files, paths)]
        contents = [(str(n), "x", "a.txt") for n in range(files)]
        return raw(body(operations(MANY, files=[None] * paths), places(**wanted), *contents), content_type=FORM)

    assert sent(uploads.FILES_MAX, uploads.PATHS_MAX).status_code == 200
    assert "no multipart form" in refused(sent(uploads.FILES_MAX + 1, uploads.PATHS_MAX))
    assert refused(sent(uploads.FILES_MAX, uploads.PATHS_MAX + 1)) == "`map` holds too many paths: at most 20."


def test_an_upload_of_the_greatest_size_is_taken_and_a_larger_one_is_not() -> None:
    empty = body(GOOD, HERE, ("0", b"", "a.txt"))
    most = b"x" * (uploads.UPLOAD_BYTES_MAX - len(empty))

    assert raw(body(GOOD, HERE, ("0", most, "a.txt")), content_type=FORM).json()["data"] == {
        "take": [told_of(most, "a.txt")]
    }
    larger = raw(body(GOOD, HERE, ("0", most + b"x", "a.txt")), content_type=FORM)
    assert refused(larger, 413) == f"The upload is too large: at most {uploads.UPLOAD_BYTES_MAX} bytes."


@pytest.mark.parametrize(("length", "status"), [("", 411), ("many", 411), ("-1", 411), ("9" * 30, 413), ("٣", 411)])
def test_an_upload_says_how_long_it_is(length: str, status: int) -> None:
    content = body(GOOD, HERE, FILE)

    assert refused(Client().post(URL, data=content, content_type=FORM, CONTENT_LENGTH=length), status)


@pytest.mark.parametrize("kept", [0, 1, 50, 200, 300])
def test_a_form_that_breaks_off_is_refused(kept: int) -> None:
    content = body(GOOD, HERE, FILE)

    assert refused(raw(content[:kept], content_type=FORM))
    assert refused(Client().post(URL, data=content, content_type=FORM, CONTENT_LENGTH=str(kept)))


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=", f"{FORM}; charset=utf-16"])
def test_a_form_without_its_edge_or_in_other_letters_is_refused(kind: str) -> None:
    assert raw(body(GOOD, HERE, FILE), content_type=kind).status_code in {400, 415}


def test_a_field_of_the_greatest_length_is_read_and_a_longer_one_is_not() -> None:
    def sent(characters: int) -> Any:
        text = json.dumps({"query": ONE, "variables": {"file": None}}).ljust(characters)
        return raw(body(("operations", text, ""), HERE, FILE), content_type=FORM)

    assert sent(16 * 1024).status_code == 200
    assert refused(sent(16 * 1024 + 1), 413) == "The field `operations` is too large: at most 16384 characters."
