"""JSON as JavaScript writes it, since Casso and payOS sign such text."""

import json
from decimal import Decimal

import pytest

from payments.providers.base import NotItsShape
from payments.providers.javascript import DEPTH_MAX, js_json, js_number
from payments.providers.reading import json_object

WRITTEN = [
    ("0", "0"),
    ("-0", "0"),
    ("-0.0", "0"),
    ("1.0", "1"),
    ("599000.00", "599000"),
    ("-5000", "-5000"),
    ("1.5", "1.5"),
    ("-12.50", "-12.5"),
    ("0.1", "0.1"),
    ("0.30000000000000004", "0.30000000000000004"),
    ("0.000001", "0.000001"),
    ("0.0000001", "1e-7"),
    ("0.00000012", "1.2e-7"),
    ("123e-20", "1.23e-18"),
    ("1e20", "100000000000000000000"),
    ("123456789012345680000", "123456789012345680000"),
    ("1e21", "1e+21"),
    ("1.5e300", "1.5e+300"),
    ("5e-324", "5e-324"),
    ("9007199254740991", "9007199254740991"),
    ("9007199254740992", "9007199254740992"),
    ("9007199254740993", "9007199254740992"),
    ("-9007199254740993", "-9007199254740992"),
    ("1234567.891", "1234567.891"),
]
"""What JSON.stringify(JSON.parse(text)) gives, by ECMA-262."""


@pytest.mark.parametrize(("text", "written"), WRITTEN)
def test_a_number_is_written_as_javascript_writes_it(text: str, written: str) -> None:
    assert js_json(json_object(f'{{"n":{text}}}'.encode())) == f'{{"n":{written}}}'


def test_keys_are_sorted_at_every_level_and_blanks_go() -> None:
    body = b'{ "b": [ {"z": 1, "a": [] } , true, false, null ], "a": {"d": {}, "c": "x"} }'

    assert js_json(json_object(body)) == '{"a":{"c":"x","d":{}},"b":[{"a":[],"z":1},true,false,null]}'


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Nguyễn Văn Á", '"Nguyễn Văn Á"'),
        ("🍵", '"🍵"'),
        ('"\\/', '"\\"\\\\/"'),
        ("\b\f\n\r\t", '"\\b\\f\\n\\r\\t"'),
        ("\x00\x1f\x7f", '"\\u0000\\u001f\x7f"'),
        ("\u2028", '"\u2028"'),
        ("\ud800x\udfff", '"\\ud800x\\udfff"'),
    ],
)
def test_letters_stay_letters_and_only_what_json_demands_is_escaped(text: str, written: str) -> None:
    assert js_json(text) == written
    assert js_json({text: 1}) == f"{{{written}:1}}"


def test_what_was_escaped_in_the_body_is_written_plainly() -> None:
    assert js_json(json_object(b'{"a":"\\u0110\\ud83c\\udf75\\/"}')) == '{"a":"Đ🍵/"}'


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1" + "0" * 400])
def test_a_number_that_javascript_has_not_is_refused(number: str) -> None:
    with pytest.raises(NotItsShape):
        js_json(json_object(f'{{"n":{number}}}'.encode()))
    assert js_number(Decimal("1e308")) == "1e+308"


def test_what_is_nested_beyond_reason_is_refused() -> None:
    deepest = json.loads("[" * DEPTH_MAX + "]" * DEPTH_MAX)

    assert js_json(deepest) == "[" * DEPTH_MAX + "]" * DEPTH_MAX
    for hostile in ([deepest], json.loads("[" * 900 + "]" * 900)):
        with pytest.raises(NotItsShape):
            js_json([hostile])


def test_what_json_cannot_say_is_refused() -> None:
    with pytest.raises(NotItsShape):
        js_json({"a": 1.5})


def test_objects_may_be_nested_as_deep_as_arrays() -> None:
    deepest = json.loads('{"a":' * DEPTH_MAX + "1" + "}" * DEPTH_MAX)

    assert js_json(deepest) == '{"a":' * DEPTH_MAX + "1" + "}" * DEPTH_MAX
    with pytest.raises(NotItsShape):
        js_json({"a": deepest})


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (json.loads("[" * 34 + "]" * 34), "nested beyond reason"),
        (Decimal("1e400"), "a number beyond JavaScript's"),
        (10**400, "a number beyond JavaScript's"),
        ({"a": 1.5}, "no JSON value"),
    ],
)
def test_a_refusal_says_why_nothing_can_be_written(value: object, words: str) -> None:
    with pytest.raises(NotItsShape) as refusal:
        js_json(value)
    assert str(refusal.value) == words
