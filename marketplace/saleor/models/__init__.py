"""What the bridge keeps of the Saleors that this market is installed into."""

from marketplace.saleor.models.incoming import ToFetch, WebhookReceipt
from marketplace.saleor.models.installations import Installation
from marketplace.saleor.models.money import SaleorPart, SaleorRefundRequest, SaleorReport, SaleorTransaction
from marketplace.saleor.models.objects import SaleorObject, StockThere
from marketplace.saleor.models.sales import SaleorMovement, SaleorMovementShare, SaleorSale, ToTell

__all__ = [
    "Installation",
    "SaleorMovement",
    "SaleorMovementShare",
    "SaleorObject",
    "SaleorPart",
    "SaleorRefundRequest",
    "SaleorReport",
    "SaleorSale",
    "SaleorTransaction",
    "StockThere",
    "ToFetch",
    "ToTell",
    "WebhookReceipt",
]
