"""Every page and state as a browser has it: usable by everybody, as look.md promises, light to load.

One round through all views (`round_trip`) looks at each on a phone, by night, enlarged to 200 % and on a desk.
"""

import gzip
from dataclasses import replace

import pytest
from playwright.sync_api import Page

from tests.browser.looking import (
    RULES_OFF,
    Faults,
    Market,
    Novelty,
    Round,
    broken_promises,
    look,
    overheard,
    violations,
)
from tests.browser.views import View
from tests.storefront.conftest import PAGE_BYTES_MAX
from tests.storefront.rooms import GET
from tests.storefront.test_look import CSS, FIRST_LOAD_BYTES_MAX, STATIC
from tests.storefront.things import named_patterns

pytestmark = [pytest.mark.browser, pytest.mark.looks]

NO_PAGES = {
    "suggestions": "a list that a script puts under the search field",
    "robots": "for machines",
    "sitemap": "for machines",
    "sitemap_part": "for machines",
    "share_card": "a picture",
    "communes": "options that a script puts into a form",
    "order_state": "the part of the order's page that a script puts in anew",
    "order_qr_svg": "a picture",
    "order_qr_png": "a picture",
    "order_receipt_pdf": "a file",
    "order_complaint_photo": "a picture",
    "sell_state": "the part of today's page that a script puts in anew",
    "sell_stall_state": "the part of a stall sale's page that a script puts in anew",
    "sell_products_export": "a file",
    "sell_cards_back": "the way back from Stripe, which leads on",
    "sell_draft_photo": "a picture",
    "sell_complaint_photo": "a picture",
    "sell_stand_sheet": "a file",
    "sell_stand_preview": "a picture",
    "sell_stand_pdf": "a file",
    "sell_stand_png": "a picture",
    "product_document": "a file",
    "sell_document_file": "a picture, or a file",
    "sell_certificate_file": "a picture, or a file",
    "sell_product_document": "a file",
    "commune_document_file": "a picture, or a file",
    "commune_certificate_file": "a picture, or a file",
    "commune_product_document": "a file",
    "commune_part_csv": "a file",
    "commune_days_csv": "a file",
    "commune_month_xlsx": "a file",
    "commune_visit_stand_pdf": "a file",
    "commune_stands": "a file",
    "commune_complaint_photo": "a picture",
    "province_csv": "a file",
    "province_xlsx": "a file",
}
"""Addresses that answer with something else than a page, and what that is."""
PROMISES = (
    "status", "axe", "targets", "smallText", "brokenMoney", "sideways", "sizelessPictures", "hiddenFocus", "console",
    "elsewhere",
)  # fmt: skip


def faults_of(round_trip: Round, kind: str) -> Faults:
    return {one.view.title: one.faults[kind] for one in round_trip.seen if one.faults.get(kind)}


@pytest.mark.parametrize("kind", PROMISES)
def test_every_page_and_state_keeps_the_promise(round_trip: Round, kind: str) -> None:
    assert faults_of(round_trip, kind) == {}


def test_every_fault_that_a_round_can_find_is_asked_about(round_trip: Round) -> None:
    assert {kind for one in round_trip.seen for kind in one.faults} <= set(PROMISES)


def addresses_that_answer_with_a_page() -> set[str]:
    """Those that show somebody something, by the table of rooms: not only take a form or let nobody in."""
    rows = {name: row for row, names in GET.items() for name in names.split()}
    takes_forms = {name for name, row in rows.items() if set(row) == {"m"}}
    return {str(pattern.name) for pattern in named_patterns()} - takes_forms - NO_PAGES.keys()


def test_every_address_with_a_page_was_looked_at(round_trip: Round) -> None:
    assert addresses_that_answer_with_a_page() - round_trip.pages == set()
    assert NO_PAGES.keys() & round_trip.pages == set()


def test_the_first_load_is_at_most_sixty_thousand_bytes_and_a_later_one_twenty_thousand(round_trip: Round) -> None:
    ours = round_trip.seen

    assert {one.view.title: one.first_bytes for one in ours if one.first_bytes > FIRST_LOAD_BYTES_MAX} == {}
    assert {one.view.title: one.later_bytes for one in ours if one.later_bytes > PAGE_BYTES_MAX} == {}


def test_control_the_style_and_the_font_are_counted_with_every_first_load(round_trip: Round) -> None:
    font = sum(path.stat().st_size for path in STATIC.rglob("*.woff2"))
    style = len(gzip.compress(CSS.encode())) // 2  # whatever the server packs it with, it is not half of this

    assert {one.view.title for one in round_trip.seen if one.first_bytes - one.later_bytes < font + style} == set()


def test_every_rule_that_is_off_has_its_reason() -> None:
    assert [rule for rule, reason in RULES_OFF.items() if len(reason) < 20] == []


FAULTY = """<!doctype html><html lang="vi"><title>Lỗi</title><style>
body { margin: 0; font: 17px sans-serif } .small { font-size: 13px } .pale { color: #bbb } :focus { outline: 0 }
.narrow { width: 60px } .wide { width: 400px } button { height: 48px; width: 48px }
</style><main><h1>Lỗi</h1>%s</main></html>"""
PLANTED = {
    "axe": '<img src="data:," width="9" height="9"><p class="pale">Mờ quá</p>',
    "targets": '<p><a href="/a">Một đường dẫn đứng riêng</a></p>',
    "smallText": '<p class="small">Chữ nhỏ quá</p>',
    "brokenMoney": '<p class="narrow">Giá 125.000 ₫</p>',
    "sideways": '<p class="wide">Rộng quá</p>',
    "sizelessPictures": '<img alt="Hũ mật" src="data:,">',
    "hiddenFocus": "<button>Mua</button>",
}
SOUND = '<p>Bạn đọc <a href="/a">quy chế</a> trước.</p><p><span class="money">125.000\u00a0₫</span></p>'


@pytest.mark.parametrize("kind", PLANTED)
def test_control_a_planted_fault_is_found(empty_page: Page, kind: str) -> None:
    empty_page.set_content(FAULTY % PLANTED[kind])

    assert look(empty_page)[kind] != []


def test_control_a_sound_page_breaks_no_promise(empty_page: Page) -> None:
    empty_page.set_content((FAULTY % SOUND).replace(":focus { outline: 0 }", ":focus { outline: 3px solid #000 }"))

    assert look(empty_page) == {}


def test_control_axe_names_the_rule_that_is_broken(empty_page: Page) -> None:
    empty_page.set_content(FAULTY % PLANTED["axe"])

    found = " ".join(violations(empty_page))
    assert "image-alt" in found
    assert "color-contrast" in found


def test_control_what_the_policy_forbids_and_what_other_hosts_serve_is_heard(
    empty_page: Page, staged: Market
) -> None:
    empty_page.route("http://elsewhere.example/**", lambda route: route.abort())
    with overheard(empty_page, staged.base_url) as heard:
        empty_page.goto(f"{staged.base_url}/about/")
        empty_page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">Đỏ</p>')")
        empty_page.goto("about:blank")
        empty_page.set_content("<img src='http://elsewhere.example/a.png'>")

    assert any("Content Security Policy" in line for line in heard["console"])
    assert heard["elsewhere"] == ["http://elsewhere.example/a.png"]


def test_control_a_page_is_new_by_its_shape_and_not_by_the_names_in_it() -> None:
    novelty = Novelty()
    view = View("account", "buyer", "/account/")
    page = '<header><a href="/">a</a></header><main><h1>Lan</h1><input type="tel" value="0912"></main>'

    assert novelty.of(view, page)
    assert not novelty.of(view, page.replace("Lan", "Mây").replace("0912", "0987"))
    assert novelty.of(view, page.replace("tel", "email"))
    assert novelty.of(view, page.replace("<a ", '<a class="button" '))
    assert novelty.of(replace(view, state="english"), page)


def test_control_promises_are_measured_by_what_is_seen(empty_page: Page) -> None:
    empty_page.set_content(
        FAULTY % '<p hidden class="small">Ẩn</p><label class="wide"><input type="checkbox"> Có</label>'
    )

    assert "smallText" not in broken_promises(empty_page, "smallText")
