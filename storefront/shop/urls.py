"""The shoppers' pages."""

from __future__ import annotations

from django.urls import path

from storefront.shop.views import (
    addresses,
    asides,
    basket,
    cards,
    catalogue,
    checkout,
    complaints,
    machines,
    orders,
    product,
    receipts,
)

urlpatterns = [
    path("", catalogue.home, name="home"),
    path("search/", catalogue.search, name="search"),
    path("search/suggestions/", catalogue.suggestions, name="suggestions"),
    path("ranking/", catalogue.ranking, name="ranking"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("sitemap/<str:kind>-<int:number>.xml", machines.sitemap_part, name="sitemap_part"),
    path("products/<str:slug>/", product.product, name="product"),
    path("products/<str:slug>/share.jpg", machines.share, name="share_card"),
    path("products/<str:slug>/documents/<int:document_id>/", product.document, name="product_document"),
    path("shops/<str:slug>/", catalogue.shop, name="shop"),
    path("markets/<str:slug>/", catalogue.market_site, name="market_site"),
    path("basket/", basket.basket, name="basket"),
    path("checkout/<uuid:checkout_id>/", checkout.checkout, name="checkout"),
    path("checkout/<uuid:checkout_id>/voucher/", basket.voucher, name="checkout_voucher"),
    path("places/<str:province_code>/communes/", checkout.communes, name="communes"),
    path("orders/", orders.orders, name="orders"),
    path("orders/find/", orders.find, name="find_order"),
    path("orders/<uuid:token>/", orders.order, name="order"),
    path("orders/<uuid:token>/state/", orders.state, name="order_state"),
    path("orders/<uuid:token>/qr.svg", orders.qr_as_svg, name="order_qr_svg"),
    path("orders/<uuid:token>/qr.png", orders.qr_as_png, name="order_qr_png"),
    path("orders/<uuid:token>/card/", cards.card, name="order_card"),
    path("orders/<uuid:token>/cancel/", orders.cancel, name="cancel_order"),
    path("orders/<uuid:token>/receipt/", receipts.receipt, name="order_receipt"),
    path("orders/<uuid:token>/receipt.pdf", receipts.receipt_as_pdf, name="order_receipt_pdf"),
    path("orders/<uuid:token>/complaint/", complaints.complaint, name="order_complaint"),
    path("orders/<uuid:token>/complaint/<int:complaint_id>/add/", complaints.add, name="order_complaint_add"),
    path(
        "orders/<uuid:token>/complaint/<int:complaint_id>/settled/", complaints.settle, name="order_complaint_settled"
    ),
    path(
        "orders/<uuid:token>/complaint/<int:complaint_id>/<int:message_id>.jpg",
        complaints.photo,
        name="order_complaint_photo",
    ),
    path("addresses/", addresses.addresses, name="addresses"),
    path("addresses/new/", addresses.new, name="address_new"),
    path("addresses/<int:address_id>/", addresses.change, name="address"),
    path("addresses/<int:address_id>/remove/", addresses.remove, name="address_remove"),
    path("age/", asides.age, name="age"),
    path("about/", asides.about, name="about"),
]
