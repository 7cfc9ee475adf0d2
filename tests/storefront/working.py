"""Sellers and officers at work: their browsers, their shops, and the bank that pays them."""

from __future__ import annotations

import uuid
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from PIL import Image

from catalog.models import OcopCertificate, Product, ProductDocument
from catalog.paper_files import read_paper
from catalog.services import declare_certificate, submit_for_review
from catalog.services.papers import add_product_document, save_document_with_files
from marketplace.core.actors import SYSTEM
from marketplace.orders.models import Order
from marketplace.people.models import Role, User
from marketplace.people.services import give_role, register_person
from marketplace.places.models import Commune, Province
from payments.models import Confirmation
from payments.services.by_hand import mark_paid_by_hand
from tests.payments.factories import DAM_THUY, NOW, Shop, an_order, code_of, pay
from vendors.models import Membership, ShopDocument

BACKEND = "marketplace.people.sign_in.PhoneOrEmailBackend"
FILE = "tên,bộ,giá,đơn vị,số lượng\nMật ong bạc hà,4,125k,hũ,10\nMiến dong,6,1tr2,gói,3\n"
"""A file of two products that a shop may bring."""
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
"""As much of a PDF as the market looks at."""
_phones = iter(range(71_000_000, 80_000_000))


def browser_of(user_id: int | None) -> Client:
    """A signed-in person's browser that speaks Vietnamese; a fault of ours is raised."""
    client = Client(headers={"accept-language": "vi"})
    if user_id is not None:
        client.force_login(User.objects.get(pk=user_id), backend=BACKEND)
    return client


def owner_at(shop: Shop) -> Client:
    return browser_of(shop.owner.user_id)


def seller_at(shop: Shop) -> Client:
    user = User.objects.get(pk=shop.seller.user_id)
    Membership.objects.get_or_create(vendor=shop.vendor, user=user, defaults={"role": "seller"})
    return browser_of(user.pk)


def a_person(name: str = "Nông Văn Páo") -> User:
    return register_person(name=name, phone=f"09{next(_phones):08d}", now=NOW)


def an_officer(commune: str = DAM_THUY) -> User:
    user = a_person("Cán bộ xã")
    give_role(actor=SYSTEM, user=user, kind=Role.Kind.COMMUNE, commune=Commune.objects.get(pk=commune), now=NOW)
    return user


def a_province_officer(province: str = "04") -> User:
    user = a_person("Cán bộ tỉnh")
    give_role(actor=SYSTEM, user=user, kind=Role.Kind.PROVINCE, province=Province.objects.get(pk=province), now=NOW)
    return user


def an_agent(commune: str = DAM_THUY) -> User:
    user = a_person("Tổ công nghệ số")
    give_role(actor=SYSTEM, user=user, kind=Role.Kind.AGENT, commune=Commune.objects.get(pk=commune), now=NOW)
    return user


def form(**fields: Any) -> dict[str, Any]:
    """What a page's form sends, with its own id."""
    return {"client_id": str(uuid.uuid4())} | fields


def upload(content: bytes | str, **more: str) -> dict[str, object]:
    """What the form sends that takes a file of goods."""
    raw = content.encode() if isinstance(content, str) else content
    return form(content=SimpleUploadedFile("hang.csv", raw), **more)


def page_of(shop: Shop) -> str:
    """The seller's page of the shop's product."""
    return f"/sell/products/{shop.variant.product_id}/"


def a_photo(name: str = "IMG_0001.jpg") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (640, 480), (214, 160, 40)).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def a_pdf(name: str = "giay.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def photographed(shop: Shop, **more: Any) -> ShopDocument:
    """A paper of the shop's with one photo."""
    values = {"kind": "registration", "number": "01"} | more
    papers = [read_paper(a_photo().read())]
    save_document_with_files(actor=shop.owner, vendor=shop.vendor, papers=papers, now=NOW, **values)
    return ShopDocument.objects.latest("pk")


def documented(shop: Shop, *, name: str = "Phiếu kiểm nghiệm", product: Product | None = None) -> ProductDocument:
    """A PDF that goes with the shop's product, or another of its; sends a product on sale back to review."""
    add_product_document(
        actor=shop.owner,
        product=product or shop.variant.product,
        kind="test_report",
        name=name,
        paper=read_paper(PDF),
        now=NOW,
    )
    return ProductDocument.objects.latest("pk")


def paid_by_bank(shop: Shop, *, quantity: int = 1) -> Order:
    """An order that the bank said was paid in full."""
    order = an_order(shop, quantity=quantity)
    pay(shop, code_of(order), order.total_vnd)
    return Order.objects.get(pk=order.pk)


def paid_in_cash(shop: Shop) -> Order:
    order = an_order(shop)
    mark_paid_by_hand(
        actor=shop.owner, order=order, amount_vnd=order.total_vnd, confirmation=Confirmation.CASH, now=NOW
    )
    return Order.objects.get(pk=order.pk)


def waiting_product(shop: Shop) -> Product:
    """The shop's product, handed in for review."""
    product = Product.objects.get(pk=shop.variant.product_id)
    Product.objects.filter(pk=product.pk).update(listing=Product.Listing.DRAFT)
    return submit_for_review(actor=shop.owner, product=product, now=NOW)


def waiting_certificate(shop: Shop) -> OcopCertificate:
    return declare_certificate(
        actor=shop.owner,
        product=shop.variant.product,
        stars=4,
        decision_number="125/QĐ-UBND",
        issued_on=NOW.date().replace(year=2025),
        issuer="UBND tỉnh Cao Bằng",
        now=NOW,
    )


def row_of(row: models.Model) -> dict[str, Any]:
    """A row's values as the database has them now: what a refusal must leave."""
    return type(row)._default_manager.filter(pk=row.pk).values().get()
