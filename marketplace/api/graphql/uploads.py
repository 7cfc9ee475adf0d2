"""GraphQL with files, as the GraphQL multipart request specification has it.

`operations` is the request as JSON with null where a file belongs, `map` says which part is the file of which
variable, and the files follow. A browser sends such a form to another host without asking it first; that is harmless
here, since no cookie counts for anything: who asks stands in a header that no form can set.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    type_from_ast,
)

from marketplace.api.graphql.reading import BODY_BYTES_MAX, Asked, Unreadable, asked_of, check_encoding, parsed

UPLOAD_BYTES_MAX: Final = 12 * 1024 * 1024
FILES_MAX: Final = 10
PATHS_MAX: Final = 20
"""Variables that files may stand in; one file may be wanted in several."""
PATH_CHARACTERS_MAX: Final = 200
UPLOAD_TYPE: Final = "Upload"
FIELDS: Final = {"operations", "map"}


def read_upload(request: HttpRequest) -> Asked:
    """The request in a multipart body, with the files in their variables. Raises `Unreadable`."""
    check_encoding(request)
    _check_length(request)
    # Files wait on the disk, not in memory; Django reads no further than the length that was said and bounded.
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    try:
        fields, files = request.POST, request.FILES
    except (MultiPartParserError, RequestDataTooBig, SuspiciousOperation, BadRequest) as error:
        raise Unreadable("The body is no multipart form of the GraphQL upload specification.") from error
    except (UnreadablePostError, OSError, ValueError) as error:
        raise Unreadable("The body ended too early.") from error
    if len(files) > FILES_MAX or any(len(files.getlist(name)) != 1 for name in files):
        raise Unreadable(f"Too many files, or several of one name: at most {FILES_MAX}.")
    if set(fields) != FIELDS or any(len(fields.getlist(name)) != 1 for name in FIELDS):
        raise Unreadable("An upload has one field `operations`, one field `map`, and files.")
    return _filled(asked_of(_json(fields, "operations")), _json(fields, "map"), files)


def check_uploads(document: DocumentNode, asked: Asked, *, schema: GraphQLSchema) -> None:
    """Refuse files in variables whose type is not Upload: nothing else knows what to do with one.

    Raises `GraphQLError`.
    """
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    for path in asked.uploads:
        for operation in operations:
            if not _takes_upload(operation, path, schema):
                raise GraphQLError(f"The variable '${path[0]}' takes no file at '{'.'.join(path)}'.")


def _takes_upload(operation: OperationDefinitionNode, path: tuple[str, ...], schema: GraphQLSchema) -> bool:
    for definition in operation.variable_definitions:
        if definition.variable.name.value == path[0]:
            kind: Any = type_from_ast(schema, definition.type)
            for step in path[1:]:
                kind = _inner(kind, step)
            named = get_named_type(kind)
            return named is not None and named.name == UPLOAD_TYPE
    return False


def _inner(kind: Any, step: str) -> Any:
    """The type one step inside a type; None where there is none."""
    if isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    if isinstance(kind, GraphQLList) and step.isdecimal():
        return kind.of_type
    if isinstance(kind, GraphQLInputObjectType) and step in kind.fields:
        return kind.fields[step].type
    return None


def _check_length(request: HttpRequest) -> None:
    """A body that is sent in chunks says no length, and Django would take it for empty."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdecimal()):
        raise Unreadable("An upload must say its Content-Length.", status=411)
    if len(length) > len(str(UPLOAD_BYTES_MAX)) or int(length) > UPLOAD_BYTES_MAX:
        raise Unreadable(f"The upload is too large: at most {UPLOAD_BYTES_MAX} bytes.", status=413)


def _json(fields: Any, name: str) -> Any:
    text = fields[name]
    if len(text) > BODY_BYTES_MAX:
        raise Unreadable(f"The field `{name}` is too large: at most {BODY_BYTES_MAX} characters.", status=413)
    try:
        return parsed(text.encode("utf-8"))
    except ValueError as error:  # half a surrogate pair
        raise Unreadable(f"The field `{name}` is not valid JSON.") from error


def _filled(asked: Asked, places: Any, files: Any) -> Asked:
    """The request with its files put where `map` says. Raises `Unreadable`."""
    if not isinstance(places, dict) or set(places) != set(files):
        raise Unreadable("`map` must name every file of the upload, and nothing else.")
    paths: list[tuple[str, ...]] = []
    for name, wanted in places.items():
        if not isinstance(wanted, list) or not wanted:
            raise Unreadable("`map` must hold a list of paths for every file.")
        for text in wanted:
            paths.append(_path(text))
            if len(paths) > PATHS_MAX:
                raise Unreadable(f"`map` holds too many paths: at most {PATHS_MAX}.")
            _put(asked.variables, paths[-1], files[name])
    return replace(asked, uploads=tuple(paths))


def _path(text: Any) -> tuple[str, ...]:
    if not isinstance(text, str) or len(text) > PATH_CHARACTERS_MAX:
        raise Unreadable("A path of `map` must be a short text.")
    root, *steps = text.split(".")
    if root != "variables" or not steps or not all(steps):
        raise Unreadable("A path of `map` may only lead into the variables.")
    return tuple(steps)


def _put(variables: dict[str, Any], path: tuple[str, ...], file: Any) -> None:
    """Put a file where null stands. Raises `Unreadable` for a place that is not there, or is taken."""
    place: Any = variables
    for step in path[:-1]:
        place = _step(place, step)
    if _step(place, path[-1]) is not None:
        raise Unreadable("A path of `map` must lead to null.")
    place[int(path[-1]) if isinstance(place, list) else path[-1]] = file


def _step(place: Any, step: str) -> Any:
    if isinstance(place, dict) and step in place:
        return place[step]
    if isinstance(place, list) and step.isascii() and step.isdecimal() and int(step) < len(place):
        return place[int(step)]
    raise Unreadable("A path of `map` leads to no variable.")
