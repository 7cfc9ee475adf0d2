"""The pages of sellers, and of agents who help them."""

from __future__ import annotations

from django.urls import path

from storefront.sell.views import (
    book,
    deliveries,
    feeds,
    opening,
    orders,
    product_changes,
    products,
    review,
    statements,
    today,
)

urlpatterns = [
    path("sell/", today.today, name="sell_today"),
    path("sell/state/", today.state, name="sell_state"),
    path("sell/open/", opening.open_a_shop, name="sell_open"),
    path("sell/shop/", opening.shop, name="sell_shop"),
    path("sell/account/", opening.account, name="sell_account"),
    path("sell/delivery/", deliveries.delivery, name="sell_delivery"),
    path("sell/feeds/", feeds.feeds, name="sell_feeds"),
    path("sell/feeds/<uuid:feed_id>/rotate/", feeds.rotate, name="sell_feed_rotate"),
    path("sell/feeds/<uuid:feed_id>/close/", feeds.close, name="sell_feed_close"),
    path("sell/statements/", statements.statements, name="sell_statements"),
    path("sell/statements/<uuid:statement_id>/", statements.statement, name="sell_statement"),
    path("sell/statements/<uuid:statement_id>/account/", statements.account, name="sell_statement_account"),
    path("sell/statements/<uuid:statement_id>/columns/", statements.columns, name="sell_statement_columns"),
    path("sell/statements/<uuid:statement_id>/import/", statements.take, name="sell_statement_import"),
    path("sell/statements/<uuid:statement_id>/discard/", statements.discard, name="sell_statement_discard"),
    path("sell/help/", opening.helping, name="sell_help"),
    path("sell/products/", products.products, name="sell_products"),
    path("sell/products/new/", products.new_product, name="sell_product_new"),
    path("sell/products/<int:product_id>/", products.product, name="sell_product"),
    path("sell/products/<int:product_id>/prices/<int:variant_id>/", product_changes.price, name="sell_price"),
    path("sell/products/<int:product_id>/stocks/<int:stock_id>/", product_changes.stock, name="sell_stock"),
    path("sell/products/<int:product_id>/photos/", product_changes.photo, name="sell_photo"),
    path(
        "sell/products/<int:product_id>/photos/<int:media_id>/remove/",
        product_changes.without_photo,
        name="sell_photo_remove",
    ),
    path("sell/products/<int:product_id>/review/", product_changes.submit, name="sell_submit"),
    path("sell/products/<int:product_id>/withdraw/", product_changes.withdraw, name="sell_withdraw"),
    path("sell/products/<int:product_id>/certificate/", product_changes.certificate, name="sell_certificate"),
    path("sell/orders/", orders.orders, name="sell_orders"),
    path("sell/orders/<int:order_id>/", orders.order, name="sell_order"),
    path("sell/orders/<int:order_id>/fulfil/", orders.fulfil, name="sell_fulfil"),
    path("sell/orders/<int:order_id>/cancel/", orders.cancel, name="sell_cancel"),
    path("sell/orders/<int:order_id>/paid/", orders.paid, name="sell_paid"),
    path("sell/orders/<int:order_id>/refund/", orders.refund, name="sell_refund"),
    path("sell/review/", review.review, name="sell_review"),
    path("sell/review/<int:item_id>/", review.item, name="sell_review_item"),
    path("sell/review/<int:item_id>/book/", review.book, name="sell_review_book"),
    path("sell/book/", book.book, name="sell_book"),
    path("sell/book/months/", book.months, name="sell_book_months"),
    path("sell/book/<str:day_text>/", book.day, name="sell_book_day"),
]
