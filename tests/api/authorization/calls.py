"""How each root field is asked about one shop's things: a document's one field, with `<places>` for ids.

Every root field, mutation and guarded field of the schema has its call here and its row in `rooms`.
"""

from typing import Final

QUERIES: Final = {
    "addressValidationRules": "addressValidationRules(countryCode: VN) { countryCode }",
    "app": "app { id }",
    "attribute": 'attribute(slug: "unit") { slug }',
    "attributes": "attributes(first: 1) { edges { node { slug } } }",
    "bankNotices": "bankNotices(first: 5) { edges { node { content } } }",
    "categories": "categories(first: 1) { edges { node { slug } } }",
    "category": 'category(id: "Q2F0ZWdvcnk6MTE=") { slug }',
    "channel": 'channel(slug: "stall") { slug }',
    "channels": "channels { slug }",
    "checkout": "checkout(id: <checkout>) { id }",
    "collection": 'collection(slug: "new") { slug }',
    "collections": "collections(first: 1) { edges { node { slug } } }",
    "communes": 'communes(province: "04") { code }',
    "figures": 'figures(commune: "01501") { summary { shopsActive } }',
    "marketBasket": "marketBasket(token: <basket>) { quantity }",
    "marketSites": "marketSites(first: 1) { edges { node { slug } } }",
    "me": "me { id }",
    "menu": 'menu(slug: "navbar") { slug }',
    "ocopCertificate": "ocopCertificate(id: <certificate>) { id }",
    "order": "order(id: <order>) { number }",
    "orders": "orders(first: 5) { edges { node { customerNote } } }",
    "page": 'page(slug: "about") { slug }',
    "pages": "pages(first: 1) { edges { node { slug } } }",
    "paymentCode": 'paymentCode(code: "OCZ0000000000") { state }',
    "product": "product(id: <product>) { name }",
    "productFacets": "productFacets { categories { count } }",
    "productVariant": "productVariant(id: <variant>) { name }",
    "products": 'products(first: 5, filter: {search: ""}) { edges { node { name } } }',
    "provinces": "provinces { code }",
    "reviewItems": "reviewItems(first: 5) { edges { node { notice { content } } } }",
    "vendor": "vendor(id: <vendor>) { slug }",
    "vendors": "vendors(first: 1) { edges { node { slug } } }",
    "warehouses": "warehouses(first: 5) { edges { node { id } } }",
}

_GUARDED_ALONE: Final = {
    "Checkout.transactions": "checkout(id: <checkout>) { transactions { id } }",
    "Checkout.user": "checkout(id: <customers>) { user { id } }",
    "Figures.days": 'figures(commune: "01501") { summary { asOf } days { day } }',
    "Figures.sets": 'figures(commune: "01501") { summary { asOf } sets { orders } }',
    "Order.grantedRefunds": "order(id: <order>) { grantedRefunds { reason } }",
    "Order.transactions": "order(id: <order>) { transactions { id } }",
    "Product.channelListings": "product(id: <shown>) { channelListings { isPublished } }",
    "Product.listingReason": "product(id: <shown>) { listingReason }",
    "ProductVariant.stocks": "productVariant(id: <shown_variant>) { stocks { quantity } }",
}
_WITH_TEXTS: Final = {
    "Checkout": "checkout(id: <checkout>) { id %s }",
    "CheckoutLine": "checkout(id: <checkout>) { id lines { id %s } }",
    "Fulfillment": "order(id: <order>) { id fulfillments { id %s } }",
    "Order": "order(id: <order>) { id %s }",
    "OrderLine": "order(id: <order>) { id lines { id %s } }",
    "Product": "product(id: <shown>) { id %s }",
    "ProductVariant": "productVariant(id: <shown_variant>) { id %s }",
    "User": "me { id %s }",
}
_PRIVATE_TEXTS: Final = {
    "privateMetadata": "privateMetadata { key }",
    "privateMetafield": 'privateMetafield(key: "kho")',
    "privateMetafields": "privateMetafields",
}
GUARDED: Final = _GUARDED_ALONE | {
    f"{kind}.{name}": place % asked for kind, place in _WITH_TEXTS.items() for name, asked in _PRIVATE_TEXTS.items()
}
"""Fields that ask who reads them, by the resolver that does so."""

_ERRORS = "{ errors { field message code } }"
_ADDRESS = '{city: "Đàm Thủy", countryArea: "Cao Bằng", streetAddress1: "Tổ 1", lastName: "Lan"}'
_UNIT = 'attributes: [{id: "QXR0cmlidXRlOjE1", values: ["hũ"]}]'
_GOODS = 'name: "Trà", productType: "UHJvZHVjdFR5cGU6MQ==", category: "Q2F0ZWdvcnk6MTE="'
_ONLINE = "Q2hhbm5lbDox"
_PRICE = f'{{channelId: "{_ONLINE}", price: 9000}}'
_LYING = "{warehouse: <warehouse>, quantity: 9}"
_CERTIFICATE = 'stars: 4, decisionNumber: "13/QĐ-UBND", issuedOn: "2026-01-02", issuer: "UBND"'
_SHOP = 'name: "Trà Bản Giốc", kind: HOUSEHOLD, commune: "01501", phone: "0912345678"'
_PAGE = 'redirectUrl: "https://shop.example.vn/"'
_TEXTS = 'input: [{key: "kho", value: "B2"}]'
_OUTSIDE = 'pluginId: "oidc", input: "{}"'
MUTATIONS: Final = {
    "accountAddressCreate": f"accountAddressCreate(input: {_ADDRESS}) {_ERRORS}",
    "accountAddressDelete": f"accountAddressDelete(id: <address>) {_ERRORS}",
    "accountAddressUpdate": f"accountAddressUpdate(id: <address>, input: {_ADDRESS}) {_ERRORS}",
    "accountDelete": f'accountDelete(token: "x") {_ERRORS}',
    "accountRegister": f'accountRegister(input: {{email: "moi@example.vn", password: "mat-ong-2026"}}) {_ERRORS}',
    "accountRequestDeletion": f"accountRequestDeletion({_PAGE}) {_ERRORS}",
    "accountSetDefaultAddress": f"accountSetDefaultAddress(id: <address>, type: SHIPPING) {_ERRORS}",
    "accountUpdate": f'accountUpdate(input: {{firstName: "Mây"}}) {_ERRORS}',
    "checkoutAddPromoCode": f'checkoutAddPromoCode(id: <checkout>, promoCode: "X") {_ERRORS}',
    "checkoutBillingAddressUpdate": (
        f"checkoutBillingAddressUpdate(id: <checkout>, billingAddress: {_ADDRESS}) {_ERRORS}"
    ),
    "checkoutComplete": f"checkoutComplete(id: <checkout>) {_ERRORS}",
    "checkoutCreate": f"checkoutCreate(input: {{lines: [{{variantId: <shown_variant>, quantity: 1}}]}}) {_ERRORS}",
    "checkoutCustomerAttach": f"checkoutCustomerAttach(id: <checkout>) {_ERRORS}",
    "checkoutCustomerDetach": f"checkoutCustomerDetach(id: <customers>) {_ERRORS}",
    "checkoutDeliveryMethodUpdate": f"checkoutDeliveryMethodUpdate(id: <checkout>) {_ERRORS}",
    "checkoutEmailUpdate": f'checkoutEmailUpdate(id: <checkout>, email: "a@example.vn") {_ERRORS}',
    "checkoutLineDelete": f"checkoutLineDelete(id: <checkout>, lineId: <checkout_line>) {_ERRORS}",
    "checkoutLinesAdd": (
        f"checkoutLinesAdd(id: <checkout>, lines: [{{variantId: <shown_variant>, quantity: 1}}]) {_ERRORS}"
    ),
    "checkoutLinesDelete": f"checkoutLinesDelete(id: <checkout>, linesIds: []) {_ERRORS}",
    "checkoutLinesUpdate": (
        f"checkoutLinesUpdate(id: <checkout>, lines: [{{variantId: <shown_variant>, quantity: 2}}]) {_ERRORS}"
    ),
    "checkoutRemovePromoCode": f'checkoutRemovePromoCode(id: <checkout>, promoCode: "X") {_ERRORS}',
    "checkoutShippingAddressUpdate": (
        f"checkoutShippingAddressUpdate(id: <checkout>, shippingAddress: {_ADDRESS}) {_ERRORS}"
    ),
    "confirmAccount": f'confirmAccount(email: "moi@example.vn", token: "x") {_ERRORS}',
    "deleteMetadata": f'deleteMetadata(id: <product>, keys: ["kho"]) {_ERRORS}',
    "deletePrivateMetadata": f'deletePrivateMetadata(id: <order>, keys: ["kho"]) {_ERRORS}',
    "deliveryOptionsCalculate": f"deliveryOptionsCalculate(id: <checkout>) {_ERRORS}",
    "externalAuthenticationUrl": f"externalAuthenticationUrl({_OUTSIDE}) {_ERRORS}",
    "externalObtainAccessTokens": f"externalObtainAccessTokens({_OUTSIDE}) {_ERRORS}",
    "ocopCertificateCreate": f"ocopCertificateCreate(input: {{product: <product>, {_CERTIFICATE}}}) {_ERRORS}",
    "ocopCertificateRefuse": f'ocopCertificateRefuse(id: <certificate>, reason: "Không thấy quyết định") {_ERRORS}',
    "ocopCertificateRevoke": f'ocopCertificateRevoke(id: <certificate>, reason: "Đã bị thu hồi rồi") {_ERRORS}',
    "ocopCertificateVerify": f"ocopCertificateVerify(id: <certificate>) {_ERRORS}",
    "orderCancel": f"orderCancel(id: <unpaid>) {_ERRORS}",
    "orderFulfill": (
        "orderFulfill(order: <order>, input: {lines: [{orderLineId: <line>, stocks: [{warehouse: <warehouse>, "
        f"quantity: 1}}]}}]}}) {_ERRORS}"
    ),
    "orderGrantRefundCreate": (
        f"orderGrantRefundCreate(id: <order>, input: {{amount: 5, transactionId: <transaction>}}) {_ERRORS}"
    ),
    "orderGrantedRefundCancel": f"orderGrantedRefundCancel(id: <promise>) {_ERRORS}",
    "orderGrantedRefundSettle": f"orderGrantedRefundSettle(id: <promise>, method: VENDOR) {_ERRORS}",
    "orderMarkAsPaid": f"orderMarkAsPaid(id: <unpaid>) {_ERRORS}",
    "passwordChange": f'passwordChange(oldPassword: "x", newPassword: "mat-ong-2026") {_ERRORS}',
    "paymentGatewayInitialize": f"paymentGatewayInitialize(id: <checkout>) {_ERRORS}",
    "productBulkCreate": (
        f"productBulkCreate(products: [{{vendor: <vendor>, {_GOODS}}}]) {{ count results {{ errors {{ code }} }} }}"
    ),
    "productChannelListingUpdate": (
        f'productChannelListingUpdate(id: <shown>, input: {{updateChannels: [{{channelId: "{_ONLINE}", '
        f'isPublished: false, reason: "Ảnh mờ quá, chụp lại giúp"}}]}}) {_ERRORS}'
    ),
    "productCreate": f"productCreate(input: {{vendor: <vendor>, {_GOODS}}}) {_ERRORS}",
    "productDelete": f"productDelete(id: <product>) {_ERRORS}",
    "productMediaCreate": f"productMediaCreate(input: {{product: <product>}}) {_ERRORS}",
    "productUpdate": f'productUpdate(id: <product>, input: {{name: "Trà"}}) {_ERRORS}',
    "productVariantChannelListingUpdate": (
        f"productVariantChannelListingUpdate(id: <variant>, input: [{_PRICE}]) {_ERRORS}"
    ),
    "productVariantCreate": (
        f'productVariantCreate(input: {{product: <product>, name: "To", price: 9000, {_UNIT}}}) {_ERRORS}'
    ),
    "productVariantStocksUpdate": (f"productVariantStocksUpdate(variantId: <variant>, stocks: [{_LYING}]) {_ERRORS}"),
    "productVariantUpdate": f'productVariantUpdate(id: <variant>, input: {{sku: "T1"}}) {_ERRORS}',
    "requestPasswordReset": f'requestPasswordReset(email: "moi@example.vn", {_PAGE}) {_ERRORS}',
    "reviewItemBook": f"reviewItemBook(id: <review>, orderId: <unpaid>) {_ERRORS}",
    "reviewItemLinkToFirst": f"reviewItemLinkToFirst(id: <review>) {_ERRORS}",
    "reviewItemRefund": f"reviewItemRefund(id: <review>, method: CASH) {_ERRORS}",
    "reviewItemSetAside": f'reviewItemSetAside(id: <review>, resolution: "Tiền riêng") {_ERRORS}',
    "reviewItemTakeUpAgain": f"reviewItemTakeUpAgain(id: <review>) {_ERRORS}",
    "setPassword": f'setPassword(email: "moi@example.vn", token: "x", password: "mat-ong-2026") {_ERRORS}',
    "tokenCreate": f'tokenCreate(email: "0999999999", password: "khong-co") {_ERRORS}',
    "tokenRefresh": f'tokenRefresh(refreshToken: "x") {_ERRORS}',
    "tokenVerify": f'tokenVerify(token: "x") {_ERRORS}',
    "tokensDeactivateAll": f"tokensDeactivateAll {_ERRORS}",
    "transactionEventReport": (
        f'transactionEventReport(id: <transaction>, type: INFO, pspReference: "FT1") {_ERRORS}'
    ),
    "transactionInitialize": (
        f'transactionInitialize(id: <unpaid>, paymentGateway: {{id: "market40.vietqr"}}) {_ERRORS}'
    ),
    "transactionProcess": f"transactionProcess(id: <transaction>) {_ERRORS}",
    "updateMetadata": f"updateMetadata(id: <product>, {_TEXTS}) {_ERRORS}",
    "updatePrivateMetadata": f"updatePrivateMetadata(id: <order>, {_TEXTS}) {_ERRORS}",
    "vendorRegister": f"vendorRegister(input: {{{_SHOP}}}) {_ERRORS}",
    "vendorVerify": f'vendorVerify(id: <vendor>, isVerified: false, reason: "Thiếu giấy tờ") {_ERRORS}',
}
