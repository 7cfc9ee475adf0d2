"""What may be asked about products: by shoppers, by their shop, by staff."""

from catalog.selectors.book import movements_of_stock, movements_of_vendor, stock_for_member
from catalog.selectors.cards import (
    CARDS_MAX,
    ProductCard,
    cards_in_order,
    shown_certificate,
    shown_stars,
    with_card_facts,
)
from catalog.selectors.own import (
    certificate_for_staff,
    certificates_of,
    certificates_to_review,
    listings_elsewhere_of,
    media_of,
    product_for_member,
    product_for_staff,
    products_of_vendor_for_member,
    products_to_review,
    variants_of,
    variants_of_vendor,
)
from catalog.selectors.several import stocks_of_variants
from catalog.selectors.stall import StallGood, goods_at_stall, goods_chosen_at_stall
from catalog.selectors.stocks import available_quantity, stocks_of
from catalog.selectors.visible import (
    AgeNotDeclared,
    product_by_id,
    product_by_slug,
    variant_by_id,
    visible_products,
    visible_variants,
)

__all__ = [
    "CARDS_MAX",
    "AgeNotDeclared",
    "ProductCard",
    "StallGood",
    "available_quantity",
    "cards_in_order",
    "certificate_for_staff",
    "certificates_of",
    "certificates_to_review",
    "goods_at_stall",
    "goods_chosen_at_stall",
    "listings_elsewhere_of",
    "media_of",
    "movements_of_stock",
    "movements_of_vendor",
    "product_by_id",
    "product_by_slug",
    "product_for_member",
    "product_for_staff",
    "products_of_vendor_for_member",
    "products_to_review",
    "shown_certificate",
    "shown_stars",
    "stock_for_member",
    "stocks_of",
    "stocks_of_variants",
    "variant_by_id",
    "variants_of",
    "variants_of_vendor",
    "visible_products",
    "visible_variants",
    "with_card_facts",
]
