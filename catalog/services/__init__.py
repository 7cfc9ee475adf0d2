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
from catalog.services.listing import NoWarehouse, TooManyProducts, create_product, update_product
from catalog.services.photos import TooManyPhotos, add_photo, remove_photo
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
from catalog.services.tracing import describe_trace
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
    "BadSlug",
    "BadStars",
    "BelowWhatIsSold",
    "CertificateExpired",
    "ChangedMeanwhile",
    "LastVariant",
    "NoWarehouse",
    "NothingForSale",
    "SameVariantTwice",
    "SkuTaken",
    "TooManyCertificates",
    "TooManyPhotos",
    "TooManyProducts",
    "TooManyVariants",
    "WrongCertificateState",
    "WrongListingState",
    "add_photo",
    "add_variant",
    "create_product",
    "declare_certificate",
    "describe_trace",
    "publish_product",
    "refuse_certificate",
    "reject_product",
    "remove_photo",
    "set_stock",
    "submit_for_review",
    "update_product",
    "update_variant",
    "verify_certificate",
    "withdraw_certificate",
    "withdraw_product",
]
