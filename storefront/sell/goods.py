"""A shop's own products: the forms that change them, and what their pages show."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalog.models import (
    ListingDraft,
    ListingElsewhere,
    OcopCertificate,
    Product,
    ProductMedia,
    ProductVariant,
    Stock,
)
from catalog.ocop_sets import all_sets
from catalog.paper_files import Paper
from catalog.photos import read_photo
from catalog.selectors import (
    ProductCard,
    certificates_of,
    listings_elsewhere_of,
    media_of,
    products_of_vendor_for_member,
    stocks_of,
    variants_of,
    with_card_facts,
)
from catalog.services import add_photo, create_product, declare_certificate
from catalog.services.certificates import (
    DECISION_NUMBER_CHARACTERS_MAX,
    ISSUER_CHARACTERS_MAX,
    PRODUCT_CODE_CHARACTERS_MAX,
    STARS,
)
from catalog.services.listing_drafts import finish_listing_draft
from catalog.services.papers import add_certificate_files
from catalog.values import (
    DESCRIPTION_CHARACTERS_MAX,
    NAME_CHARACTERS_MAX,
    SHELF_LIFE_NOTE_CHARACTERS_MAX,
    STORAGE_NOTE_CHARACTERS_MAX,
    UNIT_CHARACTERS_MAX,
)
from catalog.warnings import warnings_of
from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput
from marketplace.core.requests_once import once
from storefront.fields import CHOOSE, REQUIRED
from storefront.papers import papers_field
from storefront.sell.desk import Desk
from storefront.sell.fields import VndField, photo_bytes, photo_field, stock_field
from storefront.settling import AskingForm

ROWS_A_PAGE = 12
KINDS_IN_FULL_MAX = 3
"""So many kinds have their forms of price and count on the product's own page."""
SET_LABEL_CHARACTERS_MAX = 60


def set_choices_by_group() -> list[tuple[str, Any]]:
    """The 26 sets under their groups, long names cut: a select on a phone shows one line."""
    rows = [
        (group, [(str(one.no), _cut(one.shown_name)) for one in sets])
        for group, sets in groupby(all_sets(), key=lambda one: one.shown_group)
    ]
    return [("", _("Chọn nhóm hàng")), *rows]


def _cut(text: str) -> str:
    return text if len(text) <= SET_LABEL_CHARACTERS_MAX else text[: SET_LABEL_CHARACTERS_MAX - 1].rstrip(", ") + "…"


class TextsForm(AskingForm):
    """What a product's page says."""

    name = forms.CharField(label=_("Tên sản phẩm"), max_length=NAME_CHARACTERS_MAX, error_messages=REQUIRED)
    ocop_set = forms.TypedChoiceField(
        label=_("Nhóm hàng"), choices=set_choices_by_group, coerce=int, error_messages=CHOOSE
    )
    description = forms.CharField(
        label=_("Chuyện của sản phẩm"),
        required=False,
        max_length=DESCRIPTION_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    storage_note = forms.CharField(
        label=_("Cách giữ"),
        help_text=_("Ví dụ: để nơi khô ráo, tránh nắng."),
        required=False,
        max_length=STORAGE_NOTE_CHARACTERS_MAX,
    )
    shelf_life_note = forms.CharField(
        label=_("Hạn dùng"),
        help_text=_("Ví dụ: 12 tháng từ ngày làm."),
        required=False,
        max_length=SHELF_LIFE_NOTE_CHARACTERS_MAX,
    )


class PriceForm(AskingForm):
    """What one costs, and what one is."""

    price_vnd = VndField(label=_("Giá bán"), help_text=_("Gõ 125000 hay 125k đều được."))
    unit = forms.CharField(
        label=_("Bán theo"),
        help_text=_("Ví dụ: gói 500 g, hũ, kg."),
        max_length=UNIT_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )


class StockForm(AskingForm):
    """How many lie at a place."""

    quantity = stock_field()


class PhotoForm(AskingForm):
    """One photo, from the camera or out of the phone."""

    photo = photo_field(camera=True, required=False)
    stored_photo = photo_field(camera=False, required=False)

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        given = super().clean() or self.cleaned_data
        if not self.errors and not (given.get("photo") or given.get("stored_photo")):
            self.add_error("photo", self.fields["photo"].error_messages["required"])
        return given


class NewProductForm(TextsForm, PriceForm):
    """A product in the order a person has it at hand: photo, name, set, price, unit, stock; the rest can wait."""

    photo = photo_field(camera=True, required=False)
    stored_photo = photo_field(camera=False, required=False)
    quantity = stock_field()


class CertificateForm(AskingForm):
    """The decision that gave a product its stars."""

    stars = forms.TypedChoiceField(
        label=_("Số sao"),
        choices=[(stars, format_lazy(_("{stars} sao"), stars=stars)) for stars in STARS],
        coerce=int,
        error_messages=CHOOSE,
        widget=forms.RadioSelect,
    )
    decision_number = forms.CharField(
        label=_("Số quyết định"),
        help_text=_("Ví dụ: 125/QĐ-UBND."),
        max_length=DECISION_NUMBER_CHARACTERS_MAX,
        error_messages=REQUIRED,
    )
    issued_on = forms.DateField(
        label=_("Ngày cấp"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages=REQUIRED | {"invalid": _("Ngày ghi như 22/11/2025.")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    issuer = forms.CharField(
        label=_("Nơi cấp"),
        help_text=_("Ví dụ: Ủy ban nhân dân tỉnh Cao Bằng."),
        max_length=ISSUER_CHARACTERS_MAX,
        error_messages=REQUIRED,
    )
    expires_on = forms.DateField(
        label=_("Ngày hết hạn"),
        help_text=_("Để trống thì tính 36 tháng từ ngày cấp."),
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": _("Ngày ghi như 22/11/2028.")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    product_code = forms.CharField(
        label=_("Mã số OCOP của sản phẩm"), required=False, max_length=PRODUCT_CODE_CHARACTERS_MAX
    )
    papers = papers_field()


@dataclass(frozen=True)
class VariantDesk:
    """A kind of a product with its form of price, and a form of stock for each place."""

    variant: ProductVariant
    price: PriceForm
    stocks: list[tuple[Stock, StockForm]]


@dataclass(frozen=True)
class ProductDesk:
    """Everything that the page of one's own product shows."""

    product: Product
    photos: list[ProductMedia]
    variants: list[VariantDesk]
    certificates: list[OcopCertificate]
    warnings: tuple[Any, ...]
    elsewhere: list[ListingElsewhere]
    """How it fares in other shop systems that show it too."""

    @property
    def has_many_kinds(self) -> bool:
        """Whether the kinds are listed in short, each with a page of its own."""
        return len(self.variants) > KINDS_IN_FULL_MAX

    @property
    def may_be_submitted(self) -> bool:
        """Whether it can be sent to review from where it is."""
        return self.product.listing in {
            Product.Listing.DRAFT,
            Product.Listing.REJECTED,
            Product.Listing.WITHDRAWN,
        }


def product_desk(product: Product, *, failing: AskingForm | None = None) -> ProductDesk:
    """What the page of one's own product shows; five statements. `failing` stands in for the form that was sent."""
    stocks: dict[int, list[Stock]] = {}
    for stock in stocks_of(product):
        stocks.setdefault(stock.variant_id, []).append(stock)
    return ProductDesk(
        product=product,
        photos=media_of(product),
        variants=[
            _variant_desk(variant, stocks.get(variant.pk, []), failing)
            for variant in variants_of(product, on_sale_only=False)
        ],
        certificates=certificates_of(product),
        warnings=warnings_of(product),
        elsewhere=listings_elsewhere_of(product),
    )


def _variant_desk(variant: ProductVariant, stocks: list[Stock], failing: AskingForm | None) -> VariantDesk:
    price = PriceForm(auto_id=f"price{variant.pk}_%s", initial={"price_vnd": variant.price_vnd, "unit": variant.unit})
    forms_of_stock = [
        StockForm(auto_id=f"stock{stock.pk}_%s", initial={"quantity": stock.quantity}) for stock in stocks
    ]
    return VariantDesk(
        variant=variant,
        price=failing if isinstance(failing, PriceForm) and failing.auto_id == price.auto_id else price,
        stocks=[
            (stock, failing if isinstance(failing, StockForm) and failing.auto_id == form.auto_id else form)
            for stock, form in zip(stocks, forms_of_stock, strict=True)
        ],
    )


def listed(desk: Desk, *, state: str | None, page: int, today: date) -> tuple[list[ProductCard], bool]:
    """A page of the shop's products by name, and whether more follow; six statements.

    Raises `InvalidInput` for an unknown state.
    """
    products = products_of_vendor_for_member(desk.actor, desk.vendor)
    if state is not None:
        if state not in Product.Listing.values:
            raise InvalidInput(_("Không có trạng thái sản phẩm này."), field="state")
        products = products.filter(listing=state)
    start = (page - 1) * ROWS_A_PAGE
    cards = with_card_facts(products[start : start + ROWS_A_PAGE + 1], today=today)
    return cards[:ROWS_A_PAGE], len(cards) > ROWS_A_PAGE


def add_product(
    *,
    desk: Desk,
    given: dict[str, Any],
    client_id: uuid.UUID | None,
    now: datetime,
    begun: ListingDraft | None = None,
) -> Product:
    """A draft with its photo, once for each form. A photo that is none is refused before anything is kept.

    The photo of a listing that was `begun` before is taken where the form brings none.
    """
    content = photo_bytes(given)
    if content is not None:
        read_photo(content)
    wanted = {name: value for name, value in given.items() if name not in {"photo", "stored_photo"}}
    product = create_product(actor=desk.actor, vendor=desk.vendor, now=now, client_id=client_id, **wanted)
    if content is not None and not media_of(product):
        add_photo(actor=desk.actor, product=product, content=content, alt=product.name, now=now)
    if begun is not None:
        finish_listing_draft(actor=desk.actor, draft=begun, product=product, now=now)
    return product


def declare_once(
    *,
    actor: Actor,
    product: Product,
    given: dict[str, Any],
    papers: Sequence[Paper],
    client_id: uuid.UUID | None,
    now: datetime,
) -> None:
    """Declare a certificate with its photos, once for each form. Raises what the two services raise."""
    wanted = {name: value for name, value in given.items() if name != "papers"}
    answer = once(
        lambda: str(declare_certificate(actor=actor, product=product, now=now, **wanted).pk),
        action="sell.declare_certificate",
        owner=f"user:{actor.user_id}",
        client_id=client_id,
        asked=wanted | {"product": product.pk},
        now=now,
    )
    if papers:
        declared = OcopCertificate.objects.get(pk=int(answer))
        add_certificate_files(actor=actor, certificate=declared, papers=papers, client_id=client_id, now=now)
