"""The parts that pages are put together from: what they say, and to whom."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils.html import escape

PART = "storefront/parts/{}.html"


class BuyerForm(forms.Form):
    """A form as checkout has it."""

    phone = forms.CharField(label="Số điện thoại", help_text="Người bán gọi số này.")
    note = forms.CharField(label="Lời nhắn", required=False)
    adult = forms.BooleanField(label="Tôi đủ 18 tuổi", help_text="Đơn có rượu.")


def part(name: str, **context: Any) -> str:
    return render_to_string(PART.format(name), context)


def written(source: str, **context: Any) -> str:
    return Template("{% load market %}" + source).render(Context(context))


def page(**market: Any) -> str:
    return render_to_string("storefront/base.html", {"market": market, "LANGUAGE_CODE": "vi"})


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("{{ x|vnd }}", 125_000, "125.000\u00a0₫"),
        ("{{ x|vnd }}", 0, "0\u00a0₫"),
        ("{{ x|vnd }}", None, ""),
        ("{{ x|vietnam_time }}", datetime(2026, 11, 22, 3, 32, tzinfo=UTC), "10:32"),
        ("{{ x|vietnam_time }}", None, ""),
        ("{{ x|vietnam_date }}", datetime(2026, 11, 21, 17, 0, tzinfo=UTC), "22/11/2026"),
        ("{{ x|vietnam_date }}", date(2028, 6, 1), "01/06/2028"),
        ("{{ x|vietnam_date }}", None, ""),
        ("{{ x|vietnam_moment }}", datetime(2026, 11, 22, 3, 32, tzinfo=UTC), "10:32\u00a0· 22/11/2026"),
        ("{{ x|vietnam_moment }}", None, ""),
        ("{{ x|phone }}", "+84912345678", "0912 345 678"),
        ("{{ x|phone }}", None, ""),
        ("{{ x|stars }}", 4, "OCOP 4 sao"),
        ("{{ x|stars }}", None, ""),
    ],
)
def test_money_times_phones_and_grades_are_written_as_people_here_read_them(
    source: str, value: object, shown: str
) -> None:
    assert written(source, x=value) == shown


def test_an_icon_is_silent_for_screen_readers() -> None:
    assert 'aria-hidden="true"' in written('{% icon "done" %}')


def test_the_page_of_a_guest_has_one_style_no_script_and_the_hotline() -> None:
    html = page(demo=False, hotline="1900 0000", basket_count=0, user_menu=[])

    assert html.count('rel="stylesheet"') == 1
    assert "<script" not in html
    assert '<a class="hotline" href="tel:19000000">1900 0000</a>' in html
    assert '<html lang="vi">' in html
    assert 'class="ribbon"' not in html
    assert 'class="menu"' not in html


def test_the_demo_market_says_so_on_every_page() -> None:
    assert "Chợ thử – hàng và tài khoản không có thật" in page(demo=True)


def test_the_header_counts_the_basket_and_marks_the_page_one_is_on() -> None:
    menu = [{"url": "/sell/", "label": "Hôm nay", "current": True}, {"url": "/sell/orders/", "label": "Đơn hàng"}]

    html = page(basket_count=3, user_menu=menu)

    assert '<span class="count">3</span>' in html
    assert '<a href="/sell/" aria-current="page">Hôm nay</a>' in html
    assert '<a href="/sell/orders/">Đơn hàng</a>' in html


def test_what_was_searched_stays_in_the_field_and_cannot_leave_it() -> None:
    html = part("header", market={}, search_text='"><script>x</script>')

    assert escape('"><script>x</script>') in html
    assert "<script>" not in html


def test_a_product_card_names_the_grade_only_while_there_is_one() -> None:
    card = {"url": "/products/mien/", "name": "Miến dong", "picture_url": "/media/1.jpg", "place": "Cao Bằng"}
    card |= {"price": 125_000, "unit": "gói 500 g"}

    graded = part("product_card", card=card | {"stars": 4})
    ungraded = part("product_card", card=card | {"stars": None, "sold_out": True})

    assert "OCOP 4 sao" in graded
    assert "125.000\u00a0₫" in graded
    assert "Tạm hết hàng" not in graded
    assert "OCOP" not in ungraded
    assert "Tạm hết hàng" in ungraded


def test_a_product_in_several_sizes_shows_its_lowest_price_as_such() -> None:
    card = {"name": "Miến dong", "price": 65_000, "unit": "gói", "is_lowest_price": True}

    assert ">từ</span>" in part("product_card", card=card)
    assert ">từ</span>" not in part("product_card", card=card | {"is_lowest_price": False})
    assert "₫" not in part("product_card", card=card | {"price": None})


def test_only_the_first_pictures_of_a_list_are_fetched_at_once() -> None:
    card = {"name": "Miến dong", "price": 125_000}

    assert 'loading="lazy"' in part("product_card", card=card)
    assert 'loading="lazy"' not in part("product_card", card=card, eager=True)


def test_a_picture_in_fewer_bytes_is_offered_to_browsers_that_can_show_it() -> None:
    card = {"name": "Miến dong", "price": 125_000, "picture_url": "/media/1-480.jpg"}

    both = part("product_card", card=card | {"webp_url": "/media/1-480.webp"})

    assert '<picture><source type="image/webp" srcset="/media/1-480.webp"><img src="/media/1-480.jpg"' in both
    assert "<picture>" not in part("product_card", card=card | {"webp_url": None})


def test_a_state_is_told_by_a_word_and_an_icon_beside_its_colour() -> None:
    html = part("badge", tone="leaf", sign="done", text="Đã thanh toán")

    assert 'class="badge leaf"' in html
    assert "<svg" in html
    assert "Đã thanh toán" in html


@pytest.mark.parametrize(
    ("tag", "tone", "role"),
    [
        ("success", "leaf", "status"),
        ("warning", "amber", "status"),
        ("error", "lacquer", "alert"),
        ("info", "", "status"),
    ],
)
def test_a_message_has_its_tone_and_only_an_error_interrupts(tag: str, tone: str, role: str) -> None:
    level = messages.DEFAULT_LEVELS[tag.upper()]

    html = part("messages", messages=[Message(level, "Đã lưu.")])

    assert f'class="notice {tone}" role="{role}"' in html
    assert "Đã lưu." in html


def test_a_field_that_was_filled_in_wrongly_says_why_above_itself() -> None:
    form = BuyerForm({"phone": "", "adult": ""})

    html = part("field", field=form["phone"])

    assert 'id="id_phone_error"' in html
    assert 'id="id_phone_helptext"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in html


def test_a_field_that_may_stay_empty_says_so() -> None:
    assert "(không bắt buộc)" in part("field", field=BuyerForm()["note"])
    assert "(không bắt buộc)" not in part("field", field=BuyerForm()["phone"])


def test_a_box_to_tick_has_its_words_inside_the_label() -> None:
    html = part("choice", field=BuyerForm()["adult"])

    assert 'type="checkbox"' in html
    assert "<span>Tôi đủ 18 tuổi</span></label>" in html
    assert "Đơn có rượu." in html


def test_the_summary_of_errors_leads_to_every_field_that_needs_a_hand() -> None:
    form = BuyerForm({"note": "x"})
    form.add_error(None, "Chưa chọn cách nhận hàng.")

    html = part("errors", form=form)

    assert 'href="#id_phone"' in html
    assert 'href="#id_adult"' in html
    assert 'href="#id_note"' not in html
    assert "Chưa chọn cách nhận hàng." in html
    assert 'role="alert"' in html


def test_a_form_without_errors_has_no_summary() -> None:
    assert part("errors", form=BuyerForm()).strip() == ""


def test_a_list_of_one_page_has_no_pager() -> None:
    assert part("pager", previous_url=None, next_url=None).strip() == ""


def test_a_pager_leads_on_and_back() -> None:
    html = part("pager", previous_url="?page=1", next_url="?page=3", where="Trang 2")

    assert 'rel="prev" href="?page=1"' in html
    assert 'rel="next" href="?page=3"' in html
    assert "Trang 2" in html


def test_an_empty_place_says_what_to_do_next() -> None:
    html = part(
        "empty", title="Giỏ hàng còn trống", text="Bạn tìm món mình thích.", action_url="/", action="Xem hàng"
    )

    assert "<h2>Giỏ hàng còn trống</h2>" in html
    assert '<a class="button" href="/">Xem hàng</a>' in html
    assert 'class="button"' not in part("empty", title="Chưa có đơn nào", text="Đơn mới hiện ở đây.")


def test_an_amount_stays_in_one_piece() -> None:
    assert part("money", amount=1_250_000).strip() == '<span class="money">1.250.000\u00a0₫</span>'
