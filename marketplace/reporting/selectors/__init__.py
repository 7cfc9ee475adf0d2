"""What may be asked about figures. Every one of them opens to the sales behind it; none shows a buyer."""

from marketplace.reporting.selectors.books import Compared, compared_with_a_year_before, taken_vnd, yearly_revenue
from marketplace.reporting.selectors.dormant import DORMANT_DAYS, dormant_count, dormant_shops
from marketplace.reporting.selectors.goods import best_products, province_sales
from marketplace.reporting.selectors.parts import goods_by_set, takings_by_kind, takings_by_site
from marketplace.reporting.selectors.reports import month_report, targets_reached
from marketplace.reporting.selectors.standing import OTHERS_MIN, commune_standing
from marketplace.reporting.selectors.summaries import commune_summary, province_summary
from marketplace.reporting.selectors.takings import (
    ROWS_MAX,
    commune_takings,
    sales_behind,
    vendor_book,
    vendor_sales_behind,
)
from marketplace.reporting.selectors.targets import targets_of_commune, targets_of_province
from marketplace.reporting.selectors.values import (
    BookRow,
    CommuneSummary,
    DormantShop,
    MonthReport,
    ProductSales,
    ProvinceSummary,
    SaleBehind,
    SetSales,
    Share,
    Standing,
    Takings,
    TakingsPart,
    TakingsRow,
    TargetReached,
    TargetsRow,
    VillagePart,
    percent_more,
)
from marketplace.reporting.selectors.villages import village_parts

__all__ = [
    "DORMANT_DAYS",
    "OTHERS_MIN",
    "ROWS_MAX",
    "BookRow",
    "CommuneSummary",
    "Compared",
    "DormantShop",
    "MonthReport",
    "ProductSales",
    "ProvinceSummary",
    "SaleBehind",
    "SetSales",
    "Share",
    "Standing",
    "Takings",
    "TakingsPart",
    "TakingsRow",
    "TargetReached",
    "TargetsRow",
    "VillagePart",
    "best_products",
    "commune_standing",
    "commune_summary",
    "commune_takings",
    "compared_with_a_year_before",
    "dormant_count",
    "dormant_shops",
    "goods_by_set",
    "month_report",
    "percent_more",
    "province_sales",
    "province_summary",
    "sales_behind",
    "taken_vnd",
    "takings_by_kind",
    "takings_by_site",
    "targets_of_commune",
    "targets_of_province",
    "targets_reached",
    "vendor_book",
    "vendor_sales_behind",
    "village_parts",
    "yearly_revenue",
]
