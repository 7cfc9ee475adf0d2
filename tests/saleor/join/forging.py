"""Forged, altered and misdirected webhooks: seeded dice choose what is changed, so that each run is the same."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.hashes import SHA256

from tests.saleor.join.small_saleor import SmallSaleor, base64url, body_of, header_of, jwk, key_number, signature

EVENT = "order_updated"
STRANGERS = range(20, 24)
"""Keys that the Saleor never showed."""


@dataclass(frozen=True)
class Forgery:
    """One webhook that must be refused, and what is wrong with it."""

    what: str
    headers: dict[str, str]
    body: bytes


class Forger:
    """Knows an authentic webhook of a Saleor and everything that is public about it, and not its private key."""

    def __init__(self, saleor: SmallSaleor, dice: random.Random) -> None:
        self.saleor, self.dice = saleor, dice
        self.kid, self._key = next(iter(saleor.keys.items()))
        self.body = body_of(EVENT, order={"id": "T3JkZXI6MQ=="}, number=1)
        self.true = saleor.headers(EVENT, self.body)
        self.signed = self.true["Saleor-Signature"]

    def forgeries(self, count: int) -> Iterator[Forgery]:
        """This many, of all sorts in turn."""
        sorts = self.sorts()
        for number in range(count):
            what, make = sorts[number % len(sorts)]
            made = make()
            yield made if isinstance(made, Forgery) else self._with(what, made)

    def sorts(self) -> list[tuple[str, Callable[[], str | Forgery]]]:
        """Every way to forge that we know."""
        return [
            ("body altered", self.altered_body),
            ("body cut", lambda: Forgery("body cut", self.true, self.body[: self.dice.randrange(len(self.body))])),
            ("body reformatted", self.reformatted_body),
            ("signature bit", self.flipped_bit),
            ("signature of another body", lambda: self.sign(self.body + b" ")),
            ("signature over decoded payload", self.encoded_payload),
            ("stranger's key", lambda: self.sign(self.body, key=self.stranger())),
            ("stranger's key and name", lambda: self.sign(self.body, key=self.stranger(), kid=self.name())),
            ("key in the header", self.embedded_key),
            ("key at an address", lambda: self.header(jku=f"{self.saleor.url}/x.json")),
            ("key at another address", lambda: self.header(x5u="https://evil.example/x.pem")),
            ("certificate in the header", lambda: self.header(x5c=["MIIB"])),
            ("alg none", lambda: self.none("none")),
            ("alg None", lambda: self.none(self.dice.choice(["None", "NONE", "nOnE", ""]))),
            ("HS256 with the public key", self.public_key_as_secret),
            ("another alg", lambda: self.header(alg=self.dice.choice(["RS384", "RS512", "PS256", "ES256", "HS256"]))),
            ("PSS", self.pss),
            ("alg missing", lambda: self.header(alg=None)),
            ("kid missing", lambda: self.header(kid=None)),
            ("kid unknown", lambda: self.header(kid=self.name())),
            ("kid no text", lambda: self.header(kid=self.dice.choice([1, [], {}, "", "x" * 300]))),
            ("b64 missing", lambda: self.header(b64=None)),
            ("b64 true", lambda: self.header(b64=True)),
            ("b64 0", lambda: self.header(b64=0)),
            ("crit missing", lambda: self.header(crit=None)),
            ("crit other", self.other_crit),
            ("typ other", lambda: self.header(typ=self.dice.choice(["JOSE", "jwt", 1, []]))),
            ("member too many", lambda: self.header(**{f"x{self.dice.randrange(1000)}": self.dice.random()})),
            ("member twice", self.member_twice),
            ("header no JSON", lambda: signature(self.body, self._key, self.dice.randbytes(40))),
            ("header no object", lambda: signature(self.body, self._key, b'["RS256"]')),
            ("header empty", lambda: "." + "." + self.parts()[2]),
            ("header reordered after signing", self.reordered),
            ("padding", lambda: self.dice.choice([self.signed + "=", self.signed + "=="])),
            ("space", self.spaced),
            ("plain base64", self.plain_base64),
            ("loose bits", self.loose_bits),
            ("payload inside", lambda: f"{self.parts()[0]}.{base64url(self.body)}.{self.parts()[2]}"),
            ("parts missing", lambda: self.dice.choice(["", ".", "..", self.parts()[0], "." * 50, self.parts()[2]])),
            ("part too many", lambda: self.signed + "." + self.parts()[2]),
            ("not ASCII", lambda: self.signed[:-1] + "é"),
            ("too long", lambda: self.signed + "A" * 5000),
            ("signature cut", lambda: self.signed[: -self.dice.randrange(1, 300)]),
            ("signature longer", lambda: self.signed + base64url(self.dice.randbytes(3))),
            ("signature of zeros", lambda: f"{self.parts()[0]}..{base64url(bytes(256))}"),
            ("signature 1", lambda: f"{self.parts()[0]}..{base64url(bytes(255) + bytes([1]))}"),
            ("plain HMAC", lambda: hmac.new(b"", self.body, hashlib.sha256).hexdigest()),
            ("no signature", lambda: self._without("Saleor-Signature")),
            ("two signatures", lambda: f"{self.signed},{self.signed}"),
            ("another host", self.another_host),
            ("no host", lambda: self._without("Saleor-Api-Url")),
            ("another event", self.another_event),
            ("no event", lambda: self._without("Saleor-Event")),
        ]

    def altered_body(self) -> Forgery:
        place = self.dice.randrange(len(self.body))
        changed = bytes([self.body[place] ^ (1 << self.dice.randrange(8))])
        return Forgery("body altered", self.true, self.body[:place] + changed + self.body[place + 1 :])

    def reformatted_body(self) -> Forgery:
        """The same JSON in other bytes."""
        body = json.dumps(json.loads(self.body), indent=self.dice.randrange(1, 9)).encode()
        return Forgery("body reformatted", self.true, body)

    def flipped_bit(self) -> str:
        header, _nothing, last = self.parts()
        raw = bytearray(base64.urlsafe_b64decode(last + "=" * (-len(last) % 4)))
        raw[self.dice.randrange(len(raw))] ^= 1 << self.dice.randrange(8)
        return f"{header}..{base64url(bytes(raw))}"

    def encoded_payload(self) -> str:
        """Signed as a JWS without RFC 7797 is: over the payload in base64url."""
        return signature(base64url(self.body).encode(), self._key, header_of(self.kid))

    def embedded_key(self) -> str:
        stranger = self.stranger()
        changes = {"jwk": jwk(stranger, "mine"), "kid": self.dice.choice([self.kid, "mine"])}
        return signature(self.body, stranger, header_of(self.kid, **changes))

    def none(self, alg: str) -> str:
        protected = base64url(json.dumps(header_of(self.kid, alg=alg)).encode())
        return f"{protected}..{self.dice.choice(['', self.parts()[2]])}"

    def public_key_as_secret(self) -> str:
        """The old confusion: an HMAC whose secret is the public key, in each way that it is written."""
        public = self._key.public_key()
        pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        shown = jwk(self._key, self.kid)
        secret = self.dice.choice([pem, pem.strip(), json.dumps(shown).encode(), shown["n"].encode()])
        alg = self.dice.choice(["HS256", "RS256"])
        protected = base64url(json.dumps(header_of(self.kid, alg=alg)).encode())
        mac = hmac.new(secret, protected.encode() + b"." + self.body, hashlib.sha256).digest()
        return f"{protected}..{base64url(mac)}"

    def pss(self) -> str:
        """By the true key, but with another padding: only the Saleor could, and it does not."""
        protected = self.parts()[0]
        signed = self._key.sign(protected.encode() + b"." + self.body, PSS(MGF1(SHA256()), 32), SHA256())
        return f"{protected}..{base64url(signed)}"

    def other_crit(self) -> str:
        crit = self.dice.choice([[], ["b64", "b64"], ["b64", "exp"], ["exp"], "b64", {"b64": 1}, [["b64"]]])
        return self.header(crit=crit)

    def member_twice(self) -> str:
        name, value = self.dice.choice(
            [("alg", '"RS256"'), ("kid", '"first"'), ("b64", "false"), ("crit", '["b64"]')]
        )
        whole = json.dumps(header_of(self.kid))
        return signature(self.body, self._key, (whole[:-1] + f', "{name}": {value}}}').encode())

    def reordered(self) -> str:
        header = dict(reversed(header_of(self.kid).items()))
        return f"{base64url(json.dumps(header).encode())}..{self.parts()[2]}"

    def spaced(self) -> str:
        place = self.dice.randrange(1, len(self.signed))
        return self.signed[:place] + self.dice.choice([" ", "\t", "%20"]) + self.signed[place:]

    def plain_base64(self) -> str:
        """With the two signs of plain base64 in place of those of base64url."""
        header, _nothing, last = self.parts()
        other = last.replace("-", "+").replace("_", "/")
        return f"{header}..{other if other != last else last + '='}"

    def loose_bits(self) -> str:
        """Another last sign that stands for the same bytes: 256 bytes leave four bits over."""
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        last = letters.index(self.signed[-1])
        return self.signed[:-1] + letters[last + self.dice.randrange(1, 16)]

    def another_host(self) -> Forgery:
        other = self.dice.choice(
            ["https://evil.example/graphql/", self.saleor.api_url.upper(), self.saleor.url, self.saleor.api_url + "?"]
        )
        return Forgery("another host", {**self.true, "Saleor-Api-Url": other}, self.body)

    def another_event(self) -> Forgery:
        other = self.dice.choice(["transaction_initialize_session", "order_created", "ORDER_UPDATED", "app_deleted"])
        return Forgery("another event", {**self.true, "Saleor-Event": other}, self.body)

    def header(self, **changes: Any) -> str:
        """A header that the true key signed: what is wrong is only what it says."""
        return signature(self.body, self._key, header_of(self.kid, **changes))

    def sign(self, body: bytes, *, key: rsa.RSAPrivateKey | None = None, kid: str | None = None) -> str:
        return signature(body, key or self._key, header_of(kid or self.kid))

    def stranger(self) -> rsa.RSAPrivateKey:
        return key_number(self.dice.choice(STRANGERS))

    def name(self) -> str:
        return base64url(self.dice.randbytes(32))

    def parts(self) -> list[str]:
        return self.signed.split(".")

    def _with(self, what: str, signed: str) -> Forgery:
        return Forgery(what, {**self.true, "Saleor-Signature": signed}, self.body)

    def _without(self, header: str) -> Forgery:
        return Forgery(
            f"no {header}", {name: value for name, value in self.true.items() if name != header}, self.body
        )
