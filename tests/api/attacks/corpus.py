"""Requests that were thought up to make the GraphQL API work for ever, stumble, or tell what it should not.

Each says how it is met. Data only: the tests send them through HTTP, `tools/bench/attacks.py` times them.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

JSON = "application/json"
FORM = "multipart/form-data; boundary=x"
ONE = "products(first: 1) { totalCount }"


@dataclass(frozen=True)
class Attack:
    """One request, and how it is met: a status, and a part of the sentence ("" where it is answered with data)."""

    name: str
    body: bytes
    status: int = 400
    says: str = ""
    content_type: str = JSON
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)
    query: str = ""
    """The document inside, where it is one that only our own bounds refuse."""

    @property
    def is_answered(self) -> bool:
        """Whether something of it is run."""
        return self.status == 200


def asked(
    name: str, query: str, says: str = "", *, status: int = 400, ours: bool = False, **variables: Any
) -> Attack:
    """An attack by a document; `ours` where GraphQL's own rules would let it pass, or work on it for long."""
    body = json.dumps({"query": query, "variables": variables}, ensure_ascii=False, separators=(",", ":")).encode()
    return Attack(name, body, status, says, query=query if ours else "")


def corpus() -> list[Attack]:
    """All of them, in a fixed order."""
    return [*deep(), *wide(), *fragments(), *floods(), *introspection(), *variables(), *bodies(), *uploads(), *ways()]


def inside(selections: str) -> str:
    """A document that asks this of a product."""
    return "{products(first:1){edges{node{" + selections + "}}}}"


def deep() -> Iterator[Attack]:
    """Levels in levels."""
    product = "id"
    for _level in range(40):
        product = f"defaultVariant{{product{{{product}}}}}"
    yield asked("circular types", inside(product), "nested too deeply", ours=True)
    yield asked("inline fragments in one another", inside("...{" * 90 + "id" + "}" * 90), "too deeply", ours=True)
    yield asked("more levels than the parser has", "{a" * 400 + "}" * 400, "nest")
    yield asked("lists in lists as an argument", f"{{products(first:{'[' * 400}1{']' * 400}){{totalCount}}}}", "nest")
    objects = "{a:" * 180 + "1" + "}" * 180
    yield asked("objects in objects as an argument", f"{{products(first:1,filter:{objects}){{totalCount}}}}")
    types = "query($a:" + "[" * 300 + "Int" + "]" * 300 + "){" + ONE + "}"
    yield asked("a type of lists in lists", types, "nest")


def wide() -> Iterator[Attack]:
    """Much beside one another."""
    many = " ".join(f"a{n}:{ONE}" for n in range(31))
    yield asked("aliases", "{" + many + "}", "too many aliases", ours=True)
    uses = " ".join(f"a{n}:products(first:1){{...f}}" for n in range(15))
    words = "a:totalCount b:totalCount c:totalCount"
    query = "{" + uses + "}fragment f on ProductCountableConnection{" + words + "}"
    yield asked("aliases in a fragment", query, "too many aliases", ours=True)
    yield asked("one field a thousand times", inside("name " * 900), "one field too often", ours=True)
    yield asked("overlapping fields with arguments", inside("variants{id name}" * 64), "too often", ours=True)
    nested = "vendor{" + "commune{name province{name}}" * 12 + "}"
    yield asked("overlapping fields in overlapping fields", inside(nested * 8), "too often", ours=True)
    halves = inside("vendor{...a}" * 30 + "vendor{...b}" * 30)
    parts = "".join(f"fragment {n} on Vendor{{{'name slug phone ' * 15}}}" for n in "ab")
    yield asked("overlapping fields through fragments", halves + parts, "too often", ours=True)
    conflicts = "".join(f"a:{name} " for name in ("name", "slug", "id", "description") * 15)
    yield asked("fields that conflict", inside(conflicts), "too many aliases")
    rows = "variants{product{variants{product{variants{product{name}}}}}}"
    yield asked("lists in lists", inside(rows).replace("first:1", "first:100"), "maximum cost", ours=True)
    yield asked("huge pages", inside("name").replace("first:1", "first:2000000000"), "maximum cost", ours=True)
    query = "query($n:Int){products(first:$n){edges{node{variants{product{variants{name}}}}}}}"
    yield asked("huge pages by a variable", query, "maximum cost", n=1_000_000)
    query = query.replace("$n:Int", "$n:Int=1000000")
    yield asked("huge pages by a default value", query, "maximum cost", ours=True)
    yield asked("pages without a number", "{products{edges{node{name}}}}", "`first` or `last`", status=200)
    yield asked("a negative page", "{products(first:-2147483648){totalCount}}", "positive integer", status=200)
    yield asked("the largest page", inside("name slug isDemo").replace("first:1", "first:100"), status=200)


def fragments() -> Iterator[Attack]:
    """Fragments that unfold, circle, or stand about."""
    doubling = "".join(f"fragment f{n} on Product{{vendor{{id}}...f{n + 1} ...f{n + 1}}}" for n in range(22))
    yield asked("a bomb", inside("...f0") + doubling + "fragment f22 on Product{id}", "unfolds", ours=True)
    bare = "".join(f"fragment f{n} on Product{{...f{n + 1} ...g{n + 1}}}" for n in range(20))
    bare += "".join(f"fragment g{n} on Product{{...f{n + 1} ...g{n + 1}}}" for n in range(1, 20))
    bare += "fragment f20 on Product{id}fragment g20 on Product{id}"
    yield asked("a bomb without fields", inside("...f0") + bare, "unfolds", ours=True)
    twice = "a:defaultVariant{{product{{...f{0}}}}}b:defaultVariant{{product{{...f{0}}}}}"
    apart = "".join(f"fragment f{n} on Product{{{twice.format(n + 1)}}}" for n in range(15))
    yield asked("a bomb of aliases", inside("...f0") + apart + "fragment f15 on Product{id}", "unfolds", ours=True)
    yield asked("a circle of one", inside("...a") + "fragment a on Product{...a}", "within itself")
    yield asked(
        "a circle of two", inside("...a") + "fragment a on Product{...b}fragment b on Product{...a}", "itself"
    )
    circle = "".join(f"fragment f{n} on Product{{vendor{{id}}...f{(n + 1) % 50}}}" for n in range(50))
    yield asked("a circle of fifty", inside("...f0") + circle, "itself")
    through = "fragment a on Product{defaultVariant{product{...a}}}"
    yield asked("a circle through fields", inside("...a") + through, "within itself")
    yield asked("unknown fragments", inside(" ".join(f"...f{n}" for n in range(300))), "spreads too many fragments")
    unused = "".join(f"fragment f{n} on Product{{id}}" for n in range(60))
    yield asked("unused fragments", "{" + ONE + "}" + unused, "never used")
    many = "".join(f"fragment f{n} on Product{{id}}" for n in range(70))
    yield asked(
        "seventy fragments",
        inside(" ".join(f"...f{n}" for n in range(70))) + many,
        "too many fragments",
        ours=True,
    )
    chain = "".join(f"fragment f{n} on Product{{...f{n + 1}}}" for n in range(100)) + "fragment f100 on Product{id}"
    yield asked("a chain of fragments", inside("...f0") + chain, "too many fragments", ours=True)
    same = "fragment f on Product{id}" * 50
    yield asked("fragments of one name", inside("...f") + same, "only one fragment named")


def floods() -> Iterator[Attack]:
    """Much of one kind."""
    yield asked("words", "{" + "me{id}" * 300 + "}", "1000 tokens")
    yield asked("comments", "{" + ONE + "}" + "#\n" * 4000, "100 comments")
    yield asked("white space and commas", "{" + ", \t\n" * 2400 + ONE + "}", status=200)
    yield asked("directives", "{" + "me @skip(if:true){id}" * 51 + "}", "too many directives", ours=True)
    yield asked("one directive over and over", "{me" + " @skip(if:true)" * 40 + "{id}}", "only be used once")
    yield asked("unknown directives", "{me" + " @defer" * 40 + "{id}}", "Unknown directive")
    yield asked("operations", "".join(f"query q{n}{{{ONE}}}" for n in range(60)), "Too many operations", ours=True)
    many = " ".join(f'm{n}:checkoutComplete(id:"x"){{errors{{code}}}}' for n in range(5))
    yield asked("mutations", f"mutation{{{many}}}", "Too many mutations", ours=True)
    yield asked("a name of ten thousand letters", "{" + "a" * 10_000 + "}", "name is too long")
    yield asked("a text of fifteen thousand letters", '{product(slug:"' + "a" * 15_000 + '"){id}}', status=200)
    yield asked("a block of fifteen thousand lines", '{product(slug:"""' + "\n" * 7_000 + '"""){id}}', status=200)
    yield asked("escapes", '{product(slug:"' + "\\u00e9" * 2_000 + '"){id}}', status=200)
    yield asked("half a surrogate pair as an escape", '{product(slug:"\\ud800"){id}}', "Invalid Unicode escape")
    yield asked("a number of ten thousand digits", "{products(first:" + "9" * 10_000 + "){totalCount}}", "too long")
    yield asked("a number without end", "{products(first:1,filter:{price:{gte:1e999}}){totalCount}}", "too large")
    yield asked("a NUL by an escape", '{product(slug:"\\u0000"){id}}', "NUL")


def introspection() -> Iterator[Attack]:
    """The schema multiplied with itself."""
    inner = "name"
    for _level in range(5):
        inner = f"fields{{type{{{inner}}}}}"
    yield asked("fields of fields", f"{{__schema{{types{{{inner}}}}}}}", "introspection is too deep")
    query = "{__schema{types{fields{type{enumValues{name description}}}}}}"
    yield asked("values of fields", query, "introspection is too deep", ours=True)
    whole = "a%d:__schema{types{name fields{name args{name type{name}}type{name kind}}enumValues{name}}}"
    yield asked(
        "the schema over and over", "{" + " ".join(whole % n for n in range(20)) + "}", "maximum cost", ours=True
    )
    yield asked("one type of the schema", '{__type(name:"Product"){fields{name type{name kind}}}}', status=200)


def variables() -> Iterator[Attack]:
    """What comes beside the document."""
    query = "query($ids:[ID!]){products(first:1,filter:{ids:$ids}){totalCount}}"
    yield asked("a list of thousands", query, "too many values", ids=["x"] * 3000)
    yield asked("a list of a hundred and one", query, "At most 100 values", status=200, ids=["x"] * 101)
    value: Any = 1
    for _level in range(100):
        value = [value]
    yield asked("lists in lists", query, "nested too deeply", ids=value)
    yield asked("variables that nobody asked for", "{" + ONE + "}", "too many", **{f"v{n}": n for n in range(1001)})
    objects = "query($f:ProductFilterInput){products(first:1,filter:$f){totalCount}}"
    yield asked(
        "unknown fields of an input", objects, "not defined by type", f={f"unknown{n}": n for n in range(500)}
    )
    yield asked("a text where a number belongs", "query($n:Int){products(first:$n){totalCount}}", "Int", n="x" * 9000)
    declared = "query(" + "".join(f"$v{n}:Int " for n in range(200)) + "){" + ONE + "}"
    yield asked("variables that are declared", declared, "too many variables")
    twice = "query($a:Int,$a:Int){products(first:$a){totalCount}}"
    yield asked("a variable declared twice", twice, "There can be only one variable")
    yield asked("a variable that is no input", "query($p:Product){products(first:1){totalCount}}", "non-input")
    yield asked("a variable that is not given", "query($n:Int!){products(first:$n){totalCount}}", "not provided")
    yield asked(
        "a name of an operation that is not there", "query A{" + ONE + "}query B{" + ONE + "}", "operation name"
    )


def bodies() -> Iterator[Attack]:
    """What is no JSON, or too much of it."""
    good = json.dumps({"query": "{" + ONE + "}"}).encode()
    rest = json.dumps({"query": "{" + ONE + "}"})[1:]
    yield Attack("nothing", b"", says="Only application/json")
    yield Attack("a batch", b"[" + b",".join([good] * 50) + b"]", says="Batch")
    yield Attack("a body of 16 KiB and one byte", good.ljust(16 * 1024 + 1), 413, "too large")
    yield Attack("a body of 5 MiB", b" " * 5 * 1024 * 1024, 413, "too large")
    yield Attack("JSON of ten thousand lists", b"[" * 8000 + b"]" * 8000, says="not valid JSON")
    yield Attack("a number without end", b'{"variables":{"a":1e999},' + rest.encode(), says="not valid JSON")
    yield Attack("not a number", b'{"variables":{"a":NaN},' + rest.encode(), says="not valid JSON")
    yield Attack("a number of 5,000 digits", b'{"variables":{"a":' + b"9" * 5000 + b"}," + rest.encode(), says="JSON")
    yield Attack("half a surrogate pair", b'{"variables":{"a":"\\ud800"},' + rest.encode(), says="not valid JSON")
    yield Attack("a NUL", b'{"variables":{"a":"\\u0000"},' + rest.encode(), says="NUL")
    yield Attack("a NUL in a name", b'{"variables":{"a\\u0000":1},' + rest.encode(), says="NUL")
    yield Attack("no UTF-8", b"\xff" + good, says="not valid JSON")
    yield Attack("letters coded too long", b'{"query":"\xc0\xaf"}', says="not valid JSON")
    yield Attack("UTF-16", good.decode().encode("utf-16"), says="not valid JSON")
    yield Attack("UTF-16 that is said", good.decode().encode("utf-16"), 415, "UTF-8", f"{JSON}; charset=utf-16")
    yield Attack("a mark of the byte order", b"\xef\xbb\xbf" + good, says="not valid JSON")
    yield Attack("packed", gzip.compress(good), 415, "Content-Encoding", headers={"Content-Encoding": "gzip"})
    yield Attack("packed and not said", gzip.compress(b" " * 10**6), says="not valid JSON")
    yield Attack("one name twice", b'{"query":"{me{id}}","query":"{' + ONE.encode() + b'}"}', 200)
    yield Attack("more after the end", good + good, says="not valid JSON")
    yield Attack("a query of white space", b'{"query":" \\n\\t "}', says="Must provide a query")
    yield Attack("an operation's name of a number", b'{"operationName":1,' + rest.encode(), says="operationName")
    yield Attack("an unknown operation", b'{"operationName":"x",' + rest.encode(), says="Unknown operation")


def uploads() -> Iterator[Attack]:
    """Forms with files."""
    operation = json.dumps({"query": "query($a:Int){products(first:$a){totalCount}}", "variables": {"a": None}})
    named = (("operations", operation), ("map", '{"0":["variables.a"]}'))
    yield Attack("a file for a number", form(*named, file="0"), says="takes no file", content_type=FORM)
    yield Attack("a form without files", form(("operations", operation)), says="one field `map`", content_type=FORM)
    yield Attack("a form of a browser", b"query=%7Bme%7Bid%7D%7D", content_type="application/x-www-form-urlencoded")
    batch = form(("operations", f"[{operation}]"), ("map", "{}"))
    yield Attack("a batch in a form", batch, says="Batch", content_type=FORM)
    away = form(("operations", operation), ("map", '{"0":["query"]}'), file="0")
    yield Attack("a file for the query", away, says="only lead into the variables", content_type=FORM)
    dunder = form(("operations", operation), ("map", '{"0":["variables.__class__.x"]}'), file="0")
    yield Attack("a file for what is no variable", dunder, says="leads to no variable", content_type=FORM)
    many = form(("operations", operation), ("map", json.dumps({"0": ["variables.a"] * 5000})), file="0")
    yield Attack("a file for thousands of places", many, status=413, says="`map` is too large", content_type=FORM)
    flood = form(*((f"f{n}", "x") for n in range(500)))
    yield Attack("five hundred fields", flood, says="no multipart form", content_type=FORM)
    huge = form(("operations", "x" * 2 * 1024 * 1024), ("map", "{}"))
    yield Attack("a field of 2 MiB", huge, says="no multipart form", content_type=FORM)
    yield Attack("a form without its edge", b"--x\r\n", says="multipart", content_type="multipart/form-data")
    yield Attack("a form that breaks off", form(*named, file="0")[:100], says="one field", content_type=FORM)
    yield Attack("13 MiB", b"x" * 13 * 1024 * 1024, 413, "too large", FORM)


def ways() -> Iterator[Attack]:
    """Other ways to come."""
    good = json.dumps({"query": "{" + ONE + "}"}).encode()
    for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE"):
        yield Attack(f"by {method}", good if method in {"PUT", "PATCH"} else b"", 405, method=method)
    yield Attack("as text", good, says="Only application/json", content_type="text/plain")
    yield Attack("as GraphQL", b"{me{id}}", says="Only application/json", content_type="application/graphql")
    yield Attack("as nothing", good, says="Only application/json", content_type="")
    yield asked("a subscription", "subscription{me{id}}", "not configured to execute subscription")
    yield asked("a type definition", "type Query{a:Int}", "not executable")
    yield asked("only a fragment", "fragment f on Product{id}", "never used")
    yield asked("@defer", inside("... @defer{name}"), "Unknown directive")
    yield asked("@stream", "{provinces @stream(initialCount:1){name}}", "Unknown directive")
    yield Attack("a token of ten thousand letters", good, 200, headers={"Authorization": "Bearer " + "a" * 10_000})
    yield Attack("a bad id of the request", good, says="must be a UUID", headers={"Idempotency-Key": "x" * 5000})


def form(*fields: tuple[str, str], file: str = "") -> bytes:
    """A multipart body with the boundary `x`."""
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields]
    if file:
        head = f'Content-Disposition: form-data; name="{file}"; filename="a.txt"\r\nContent-Type: text/plain'
        parts.append(f"--x\r\n{head}\r\n\r\ncontent\r\n")
    return ("".join(parts) + "--x--\r\n").encode()
