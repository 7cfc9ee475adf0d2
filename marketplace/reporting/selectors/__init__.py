"""What may be asked about figures. Every one of them opens to the sales behind it; none shows a buyer."""

from marketplace.reporting.selectors.books import Compared, compared_with_a_year_before, taken_vnd, yearly_revenue
from marketplace.reporting.selectors.goods import best_products, province_sales
from marketplace.reporting.selectors.summaries import commune_summary, province_summary
from marketplace.reporting.selectors.takings import (
    ROWS_MAX,
    commune_takings,
    sales_behind,
    vendor_book,
    vendor_sales_behind,
)
from marketplace.reporting.selectors.values import (
    BookRow,
    CommuneSummary,
    ProductSales,
    ProvinceSummary,
    SaleBehind,
    SetSales,
    Share,
    Takings,
    TakingsRow,
)

__all__ = [
    "ROWS_MAX",
    "BookRow",
    "CommuneSummary",
    "Compared",
    "ProductSales",
    "ProvinceSummary",
    "SaleBehind",
    "SetSales",
    "Share",
    "Takings",
    "TakingsRow",
    "best_products",
    "commune_summary",
    "commune_takings",
    "compared_with_a_year_before",
    "province_sales",
    "province_summary",
    "sales_behind",
    "taken_vnd",
    "vendor_book",
    "vendor_sales_behind",
    "yearly_revenue",
]
