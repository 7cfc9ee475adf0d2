"""Whom each field answers: a letter for each of `people.ROLES`.

o: answered, done; i: may, and is told what is wrong with what was sent; r: refused as Saleor does; n: as if there
were no such thing.
The columns: anonymous customer other_vendor | seller owner agent | officer officer_elsewhere operator | app.
"""

from typing import Final

QUERY_ROOMS: Final = {
    "ooo ooo ooo o": """
        addressValidationRules attribute attributes categories category checkout collections communes marketBasket
        menu order pages productFacets products provinces vendor vendors
    """,
    "nnn nnn nnn n": """
        collection marketSites page paymentCode ocopCertificate
    """,
    "rrr rrr rrr o": """
        app
    """,
    "rrn ooo rrr r": """
        bankNotices orders reviewItems
    """,
    "rro ooo rrr r": """
        warehouses
    """,
    "nnn nnn ooo o": """
        channel
    """,
    "rrr rrr ooo o": """
        channels
    """,
    "rrr rrr oro r": """
        figures
    """,
    "noo ooo ooo n": """
        me
    """,
    "nnn ooo ono n": """
        product
    """,
    "nnn ooo nnn n": """
        productVariant
    """,
}

GUARDED_ROOMS: Final = {
    "rrr nnr rrr r": """
        Checkout.transactions
    """,
    "rrr oor rrr r": """
        Order.transactions
    """,
    "ror rrr rrr r": """
        Checkout.user
    """,
    "nnn nnn nnn n": """
        Product.listingReason
    """,
    "rrr rrr oro r": """
        Figures.days Figures.sets
    """,
    "rrr ooo rrr r": """
        Checkout.privateMetadata Checkout.privateMetafield Checkout.privateMetafields
        CheckoutLine.privateMetadata CheckoutLine.privateMetafield CheckoutLine.privateMetafields
        Fulfillment.privateMetadata Fulfillment.privateMetafield Fulfillment.privateMetafields
        Order.grantedRefunds Order.privateMetadata Order.privateMetafield Order.privateMetafields
        OrderLine.privateMetadata OrderLine.privateMetafield OrderLine.privateMetafields
        Product.privateMetadata Product.privateMetafield Product.privateMetafields
        ProductVariant.privateMetadata ProductVariant.privateMetafield ProductVariant.privateMetafields
        ProductVariant.stocks
    """,
    "nrr rrr rrr n": """
        User.privateMetadata User.privateMetafield User.privateMetafields
    """,
    "rrr ooo oro r": """
        Product.channelListings
    """,
}

PAYMENTS_PROGRAM: Final = {
    "Checkout.transactions": "n",
    "Order.transactions": "o",
    "transactionEventReport": "o",
}
"""What a program with HANDLE_PAYMENTS is answered otherwise than one without any permission (column `app`): it finds
the transactions of a sale that it knows, and reports of them."""

MUTATION_ROOMS: Final = {
    "ooo ooo ooo o": """
        checkoutBillingAddressUpdate checkoutComplete checkoutCreate checkoutDeliveryMethodUpdate checkoutEmailUpdate
        checkoutLineDelete checkoutLinesAdd checkoutLinesDelete checkoutLinesUpdate checkoutShippingAddressUpdate
        deliveryOptionsCalculate paymentGatewayInitialize transactionInitialize transactionProcess
    """,
    "iii iii iii i": """
        accountRegister checkoutAddPromoCode confirmAccount requestPasswordReset setPassword tokenCreate tokenRefresh
        tokenVerify
    """,
    "nnn nnn nnn n": """
        checkoutRemovePromoCode externalAuthenticationUrl externalObtainAccessTokens
    """,
    "roo ooo ooo r": """
        accountAddressCreate accountUpdate checkoutCustomerAttach tokensDeactivateAll vendorRegister
    """,
    "rii iii iii r": """
        accountDelete accountRequestDeletion passwordChange
    """,
    "ron nnn nnn r": """
        accountAddressDelete accountAddressUpdate accountSetDefaultAddress
    """,
    "ror rrr rrr r": """
        checkoutCustomerDetach
    """,
    "rrr rrr rro r": """
        transactionEventReport
    """,
    "rrn ooo ono r": """
        ocopCertificateCreate productChannelListingUpdate
    """,
    "rrr rrr ono r": """
        ocopCertificateRefuse ocopCertificateVerify vendorVerify
    """,
    "rrr rrr ini r": """
        ocopCertificateRevoke
    """,
    "rrn ooo rrr r": """
        deleteMetadata deletePrivateMetadata orderCancel orderFulfill productBulkCreate productCreate productDelete
        productUpdate productVariantChannelListingUpdate productVariantCreate
        productVariantStocksUpdate productVariantUpdate updateMetadata updatePrivateMetadata
    """,
    "rrn oor rrr r": """
        orderGrantRefundCreate orderGrantedRefundCancel orderGrantedRefundSettle orderMarkAsPaid reviewItemBook
        reviewItemRefund reviewItemSetAside
    """,
    "rrn iir rrr r": """
        reviewItemLinkToFirst reviewItemTakeUpAgain
    """,
    "rrn iii rrr r": """
        productMediaCreate
    """,
}
