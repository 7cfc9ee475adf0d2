"""What may be done with products: one function a use case, each in one transaction."""

from catalog.services.certificates import (
    BadCertificateDate,
    BadStars,
    CertificateExpired,
    TooManyCertificates,
    WrongCertificateState,
    declare_certificate,
    refuse_certificate,
    verify_certificate,
    withdraw_certificate,
)
from catalog.services.copying import copy_product
from catalog.services.listing import NoWarehouse, TooManyProducts, begin_product, create_product, update_product
from catalog.services.many import (
    RefusedChange,
    VariantChange,
    change_many,
    submit_many,
    withdraw_many,
)
from catalog.services.photos import TooManyPhotos, add_photo, move_photo, remove_photo
from catalog.services.reviewing import (
    AlcoholLicenceMissing,
    ChangedMeanwhile,
    NothingForSale,
    WrongListingState,
    publish_product,
    reject_product,
    submit_for_review,
    withdraw_product,
)
from catalog.services.slugs import BadSlug
from catalog.services.stock_book import BadMovementKind, NotSoMany, move_stock
from catalog.services.tracing import describe_trace
from catalog.services.translating import UnknownLanguage, translate_product
from catalog.services.variants import (
    BelowWhatIsSold,
    LastVariant,
    SameVariantTwice,
    SkuTaken,
    TooManyVariants,
    add_variant,
    set_stock,
    update_variant,
)

__all__ = [
    "AlcoholLicenceMissing",
    "BadCertificateDate",
    "BadMovementKind",
    "BadSlug",
    "BadStars",
    "BelowWhatIsSold",
    "CertificateExpired",
    "ChangedMeanwhile",
    "LastVariant",
    "NoWarehouse",
    "NotSoMany",
    "NothingForSale",
    "RefusedChange",
    "SameVariantTwice",
    "SkuTaken",
    "TooManyCertificates",
    "TooManyPhotos",
    "TooManyProducts",
    "TooManyVariants",
    "UnknownLanguage",
    "VariantChange",
    "WrongCertificateState",
    "WrongListingState",
    "add_photo",
    "add_variant",
    "begin_product",
    "change_many",
    "copy_product",
    "create_product",
    "declare_certificate",
    "describe_trace",
    "move_photo",
    "move_stock",
    "publish_product",
    "refuse_certificate",
    "reject_product",
    "remove_photo",
    "set_stock",
    "submit_for_review",
    "submit_many",
    "translate_product",
    "update_product",
    "update_variant",
    "verify_certificate",
    "withdraw_certificate",
    "withdraw_many",
    "withdraw_product",
]
