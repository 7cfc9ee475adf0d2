"""The pages of commune and province staff."""

from __future__ import annotations

from django.urls import path

from storefront.commune.views import (
    complaints,
    deciding,
    figures,
    papers,
    parts,
    reports,
    stands,
    targets,
    villages,
    visits,
)

urlpatterns = [
    path("commune/", figures.home, name="commune_home"),
    path("commune/figures/", figures.figures, name="commune_figures"),
    path("commune/figures.csv", reports.days_csv, name="commune_days_csv"),
    path("commune/figures.xlsx", reports.month_xlsx, name="commune_month_xlsx"),
    path("commune/figures/<slug:part_name>/", parts.part, name="commune_part"),
    path("commune/figures/<slug:part_name>.csv", parts.part_csv, name="commune_part_csv"),
    path("commune/villages/", villages.villages, name="commune_villages"),
    path("commune/villages/<int:village_id>/", villages.village, name="commune_village"),
    path("commune/villages/<int:village_id>/rename/", villages.rename, name="commune_village_rename"),
    path("commune/villages/<int:village_id>/merge/", villages.merge, name="commune_village_merge"),
    path("commune/villages/<int:village_id>/close/", villages.close, name="commune_village_close"),
    path("commune/report/", reports.report, name="commune_report"),
    path("commune/dormant/", reports.dormant, name="commune_dormant"),
    path("commune/sales/<str:day_text>/", figures.sales, name="commune_sales"),
    path("commune/vendors/", deciding.vendors, name="commune_vendors"),
    path("commune/vendors/new/", visits.new, name="commune_visit_new"),
    path("commune/vendors/<int:vendor_id>/", deciding.vendor, name="commune_vendor"),
    path(
        "commune/vendors/<int:vendor_id>/documents/<int:file_id>/",
        papers.of_document,
        name="commune_document_file",
    ),
    path("commune/vendors/<int:vendor_id>/verify/", deciding.verify, name="commune_verify"),
    path("commune/vendors/<int:vendor_id>/refuse/", deciding.refuse, name="commune_refuse"),
    path("commune/vendors/<int:vendor_id>/village/", villages.of_shop, name="commune_shop_village"),
    path("commune/vendors/<int:vendor_id>/account/", visits.account, name="commune_visit_account"),
    path("commune/vendors/<int:vendor_id>/stand/", visits.make_stand, name="commune_visit_stand"),
    path("commune/vendors/<int:vendor_id>/stand.pdf", visits.stand_pdf, name="commune_visit_stand_pdf"),
    path("commune/stands.pdf", stands.stands, name="commune_stands"),
    path("commune/papers/", papers.ended, name="commune_ended_papers"),
    path("commune/products/<int:product_id>/", deciding.product, name="commune_product"),
    path(
        "commune/products/<int:product_id>/documents/<int:document_id>/",
        papers.product_document,
        name="commune_product_document",
    ),
    path("commune/products/<int:product_id>/publish/", deciding.publish, name="commune_publish"),
    path("commune/products/<int:product_id>/reject/", deciding.reject, name="commune_reject"),
    path("commune/certificates/<int:certificate_id>/", deciding.certificate, name="commune_certificate"),
    path(
        "commune/certificates/<int:certificate_id>/files/<int:file_id>/",
        papers.of_certificate,
        name="commune_certificate_file",
    ),
    path(
        "commune/certificates/<int:certificate_id>/files/",
        deciding.add_papers,
        name="commune_certificate_files",
    ),
    path(
        "commune/certificates/<int:certificate_id>/verify/",
        deciding.confirm_certificate,
        name="commune_certificate_verify",
    ),
    path(
        "commune/certificates/<int:certificate_id>/refuse/",
        deciding.turn_down_certificate,
        name="commune_certificate_refuse",
    ),
    path("commune/complaints/", complaints.complaints, name="commune_complaints"),
    path("commune/complaints/<int:complaint_id>/", complaints.complaint, name="commune_complaint"),
    path("commune/complaints/<int:complaint_id>/answer/", complaints.answer, name="commune_complaint_answer"),
    path("commune/complaints/<int:complaint_id>/close/", complaints.close, name="commune_complaint_close"),
    path(
        "commune/complaints/<int:complaint_id>/<int:message_id>.jpg",
        complaints.photo,
        name="commune_complaint_photo",
    ),
    path("province/", figures.province, name="province"),
    path("province/figures.csv", reports.province_file, {"ending": "csv"}, name="province_csv"),
    path("province/figures.xlsx", reports.province_file, {"ending": "xlsx"}, name="province_xlsx"),
    path("province/targets/", targets.targets, name="province_targets"),
    path("province/targets/<str:commune_code>/", targets.commune_targets, name="province_commune_targets"),
]
