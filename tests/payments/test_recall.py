"""What banks make of a memo, over and over: every code that survives is booked, and nothing else ever is."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

import pytest

from marketplace.core.payment_codes import ALPHABET, CODES_MAX, code_from_number
from payments.manglings import MANGLINGS
from payments.matching import (
    Book,
    CodeFacts,
    Decision,
    Direction,
    MatchingFacts,
    Review,
    SaleState,
    Transfer,
    codes_in,
    decide,
)
from tests.payments.factories import NOW

ACCOUNT = "CHO40TEST00001"
AMOUNT_VND = 150_000
MANGLED = 20_000
CONTENTS_WITHOUT_A_CODE = 100_000
DRAW = random.Random(12_167)
ISSUED = [code_from_number(DRAW.randrange(CODES_MAX)) for _ in range(23**3)]
CLOSE = [code_from_number(number) for number in range(23**3)]
"""Closer together than any draw makes them: a symbol typed wrong often gives the first eight of another."""
FACTS = {
    code: CodeFacts(code=code, sale=code, belongs_to_this_vendor=True, state=SaleState.LIVE, outstanding=AMOUNT_VND)
    for code in (*ISSUED, *CLOSE)
}
REAL = [
    "MBVCB.2452601815.174242.{code} 16.CT tu 1090830166 toi 28131860 (ACB) A Chau GD 174242-090822 15:45:46",
    "MBVCB.1491390996.{code}.CT tu 0203082462819 NGUYENtoi0048219935181",
    "MBVCB.4190937865.047334.{broken} ce VRCbC2btHFanN.CT tu 9079754323",
    "121948757491-{code}-CHUYEN TIEN-OQCH000BMyrx-MOMO120189555979MOMO",
    "BankAPINotify {code}  SEPAY6747 1  107114710497-DH952915-CHUYEN TIEN-",
    "CUSTOMER QR   {broken}   Ma giao dich  Trace2 23979 Trace 223979",
    "114650752917 0903423667 {code}   Ma giao dich  Trace783586 Trace 78358",
    "QR{code} VRCysDQYbqPH0- Ma GD ACSP/ 0m483714 NG CHUYEN:CUSTOMER NGUYEN",
    "{code}HD20127684268465 FT25632122330792 Ma giao dich Trace866229",
    "NGUYEN CHUYEN TIEN{code}-Ma GD ACSP/ A3817592",
    "SHOPVPS12537{code} GD 789604-040125 00:05:38",
]
"""The shapes of section 6.6 of the facts, with a code in the place of theirs, whole or broken by the bank."""
WORDS = (  # noqa: SIM905 - a list of so many words is read more easily so
    "chuyen tien mua hang cho em nhe anh chi tra tien don dat coc mat ong mien dong che ca phe cam on toi gui ck "
    "thanh toan Chuyển khoản đặt mua mật ong bạc hà giao chiều nay ủng hộ đồng bào Cao Bằng lũ lụt học phí tháng"
).split()
OTHERS_CODES = (
    "DH",
    "SE",
    "SEVQR",
    "VQR",
    "FT",
    "TS",
    "HD",
    "CHO",
    "ORD",
    "VRC",
    "OQCH",
    "CODE",
    "R",
    "PAY",
    "OC",
    "CZ",
)
SEPARATORS = (" ", "  ", "   ", "-", ".", "_", "/", "\n", ", ")


def digits(source: random.Random, least: int, most: int) -> str:
    return "".join(source.choices("0123456789", k=source.randint(least, most)))


def reference(source: random.Random) -> str:
    """Something that banks and wallets write beside the words."""
    shapes: tuple[Callable[[], str], ...] = (
        lambda: f"MBVCB.{digits(source, 10, 10)}.{digits(source, 6, 6)}.",
        lambda: f"FT{digits(source, 14, 14)}",
        lambda: f"Ma giao dich  Trace{digits(source, 6, 6)} Trace {digits(source, 6, 6)}",
        lambda: f"CT tu {digits(source, 10, 14)} toi {digits(source, 8, 14)}",
        lambda: f"GD {digits(source, 6, 6)}-{digits(source, 6, 6)} 15:45:46",
        lambda: f"MOMO{digits(source, 12, 12)}MOMO",
        lambda: f"0{source.choice('35789')}{digits(source, 8, 8)}",
        lambda: "".join(source.choices("0123456789abcdefABCDEFHJKMNPQRTVWXYZ", k=source.randint(6, 16))),
        lambda: source.choice(OTHERS_CODES) + digits(source, 2, 10),
        lambda: source.choice(OTHERS_CODES) + "".join(source.choices(ALPHABET, k=source.randint(6, 12))),
    )
    return source.choice(shapes)()


def words(source: random.Random) -> str:
    return source.choice(SEPARATORS).join(source.choices(WORDS, k=source.randint(0, 6)))


def in_some_case(text: str, source: random.Random) -> str:
    return source.choice([text, text.lower(), text.upper(), text.title(), text.swapcase()])


def wrapped(text: str, source: random.Random) -> str:
    """Broken where the bank's line is full, in the middle of a word."""
    width = source.randint(5, 40)
    return source.choice(["   ", "\n", " "]).join(text[at : at + width] for at in range(0, len(text), width))


def surrounded(core: str, source: random.Random) -> str:
    """A memo among words and references, glued to them or not, in some case, perhaps wrapped."""
    glue = source.choice(["", "", *SEPARATORS])
    parts = [words(source), reference(source), core, reference(source), words(source)]
    before, after = source.choice([(0, 5), (1, 4), (2, 3), (2, 5), (0, 3)])
    text = in_some_case(glue.join(parts[before:after]), source)
    return wrapped(text, source) if source.random() < 0.3 else text


def pierced(code: str, source: random.Random) -> str:
    """A code with blanks and marks put in at some places."""
    return "".join(symbol + (source.choice(SEPARATORS) if source.random() < 0.15 else "") for symbol in code)


def decision_on(content: str) -> Decision:
    transfer = Transfer(direction=Direction.IN, amount=AMOUNT_VND, accounts=(ACCOUNT,), content=content)
    known = tuple(FACTS[code] for code in codes_in(transfer) if code in FACTS)
    return decide(transfer, MatchingFacts(accounts=frozenset({ACCOUNT}), codes=known), now=NOW)


def sale_of(content: str) -> str | None:
    decision = decision_on(content)
    return decision.sale if isinstance(decision, Book) else None


@pytest.mark.parametrize("content", REAL)
def test_a_code_in_real_contents_is_booked_on_its_sale(content: str) -> None:
    for code in ISSUED[::97]:
        for cut in range(1, len(code)):
            told = content.format(code=code, broken=f"{code[:cut]} {code[cut:]}")
            assert sale_of(told) == sale_of(told.lower()) == code


@pytest.mark.parametrize("content", REAL)
def test_real_contents_as_they_were_book_nothing(content: str) -> None:
    for others in ("naptien", "CODE329014", "VQR303f2894", "TS2618625276", "Qaetep9929", "cms2811", "DH0102"):
        assert isinstance(decision_on(content.format(code=others, broken=others)), Review)


def test_every_code_that_survives_its_way_is_booked_on_its_own_sale() -> None:
    source = random.Random(66)
    missed = []
    for number in range(MANGLED):
        code = source.choice(ISSUED)
        mangling = source.choice(list(MANGLINGS.values()))
        content = surrounded(mangling(source.choice([code, pierced(code, source)]), source), source)
        if sale_of(content) != code:
            missed.append((number, code, content))
    assert missed == []


def altered(code: str, source: random.Random) -> str:
    """A code that did not survive: a symbol changed, lost or added, two swapped, its end cut, its prefix misread."""
    at = source.randrange(3, len(code))
    ways = (
        code[:at] + source.choice(ALPHABET.replace(code[at], "")) + code[at + 1 :],
        code[:at] + source.choice("AEIOU0LSZBGY") + code[at + 1 :],
        code[:at] + code[at + 1 :],
        code[:at] + source.choice(ALPHABET) + code[at:],
        code[: at - 1] + code[at] + code[at - 1] + code[at + 1 :],
        code[: source.randrange(1, len(code))],
        code[source.randrange(1, len(code)) :],
        source.choice(["0CZ", "OC2", "QCZ", "OGZ", "CZ", ""]) + code[3:],
    )
    return source.choice(ways)


def shows(content: str, code: str) -> bool:
    """Whether a code stands whole in a content after all; told without the code that is tested."""
    folded = unicodedata.normalize("NFD", content.replace("đ", "d").replace("Đ", "D"))
    return code in re.sub("[^A-Z0-9]", "", folded.upper())


def without_a_code(source: random.Random) -> str:
    """A content in which no code of ours stands, though it may have been meant."""
    while True:
        meant = source.choice(ISSUED)
        core = altered(meant, source) if source.random() < 0.5 else reference(source)
        content = surrounded(core, source)
        if not shows(content, meant):
            return content


def test_contents_without_a_code_book_nothing_ever() -> None:
    source = random.Random(100_000)
    contents = [without_a_code(source) for _ in range(CONTENTS_WITHOUT_A_CODE)]

    booked = [content for content in contents if sale_of(content) is not None]

    assert booked == []
    assert sum("OCZ" in content.upper() for content in contents) > CONTENTS_WITHOUT_A_CODE // 5
    assert len(set(contents)) > CONTENTS_WITHOUT_A_CODE * 9 // 10


def mistyped(code: str, source: random.Random) -> str:
    """A code with one of its eight drawn symbols typed wrong, or two of them swapped."""
    one, other = source.sample(range(3, 11), 2)
    symbols = list(code)
    if source.random() < 0.5 and symbols[one] != symbols[other]:
        symbols[one], symbols[other] = symbols[other], symbols[one]
    else:
        symbols[one] = source.choice(ALPHABET.replace(symbols[one], ""))
    return "".join(symbols)


def sale_without_check_symbols(content: str) -> str | None:
    """What a matcher would book whose codes were the eight drawn symbols alone."""
    found = re.search(f"OCZ[{ALPHABET}]{{8}}", content)
    return EIGHT_SYMBOLS.get(found.group()) if found is not None else None


EIGHT_SYMBOLS = {code[:11]: code for code in CLOSE}


def test_a_code_typed_wrong_is_never_another_order_s_however_close_codes_lie() -> None:
    source = random.Random(23)
    typed = [mistyped(source.choice(CLOSE), source) for _ in range(MANGLED)]

    assert [content for content in typed if sale_of(content) is not None] == []


def test_control_without_check_symbols_thousands_of_them_would_be_booked_on_others_orders() -> None:
    source = random.Random(23)
    typed = [mistyped(source.choice(CLOSE), source) for _ in range(MANGLED)]

    assert sum(sale_without_check_symbols(content) is not None for content in typed) > 2_000
