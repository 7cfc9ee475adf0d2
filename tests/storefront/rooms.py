"""Who is let in where: for each address of the pages a letter for each of `tests.storefront.things.ROLES`.

o: let in (or told what is wrong with what was sent); i: led to the sign-in page; l: led to where one can begin;
r: refused (403); h: not there for this person (404); m: no such method at this address (405).

A page about things of one shop or commune is "not there" for people of another: a refusal would tell that it is.
"""

from typing import Final

GET: Final = {
    "ooooooooooo": """
        sign_in sign_out forgot_password password_asked password_by_code legal_texts legal_text legal_version
        home search suggestions ranking robots sitemap sitemap_part product share_card shop market_site basket
        checkout communes orders find_order order order_state order_qr_svg order_qr_png cancel_order
        order_receipt order_receipt_pdf order_complaint order_complaint_photo age about product_document
    """,
    "ollllllllll": """
        register
    """,
    "hhhhhhhhhhh": """
        new_password order_card
    """,
    "ioooooooooo": """
        account change_password addresses address_new sell_open sell_help machines second_step second_step_codes
        second_step_off
    """,
    "mmmmmmmmmmm": """
        sign_out_everywhere set_language checkout_voucher sell_voucher_end order_complaint_add
        order_complaint_settled address_remove sell_document_remove sell_feed_close sell_statement_account
        sell_statement_columns sell_statement_import sell_statement_discard sell_draft_discard sell_import_take
        sell_import_discard sell_product_copy sell_price sell_stock sell_photo sell_photo_remove sell_photo_move
        sell_submit sell_withdraw sell_pack sell_unpack sell_fulfil sell_fulfil_part sell_cancel sell_paid
        sell_refund sell_promise sell_promise_kept sell_promise_withdraw sell_refund_card sell_tell
        sell_complaint_answer sell_review_book sell_review_refund sell_review_repeat sell_review_again
        sell_revenue_seen commune_verify commune_refuse commune_visit_account commune_visit_stand
        commune_publish commune_reject commune_certificate_files commune_certificate_verify commune_certificate_refuse
        commune_complaint_answer commune_complaint_close machine_end second_step_begin sell_document_file_remove
        sell_certificate_file_remove sell_product_document_remove commune_shop_village commune_village_rename
        commune_village_merge commune_village_close
        sell_stall_cash sell_stall_cancel
    """,
    "irrrrrooooo": """
        help_with_password commune_home help_with_second_step
    """,
    "iohhhhhhhhh": """
        address
    """,
    "ilooollllll": """
        sell_today sell_state sell_shop sell_documents sell_members sell_vouchers sell_products sell_product_new
        sell_stocks sell_products_many sell_imports sell_products_export sell_orders sell_slips sell_complaints
        sell_review sell_review_aside sell_stand sell_stand_check sell_book sell_book_weeks sell_book_months
        sell_book_day sell_stall
    """,
    "ilorollllll": """
        sell_account sell_delivery sell_hours sell_feeds sell_statements
    """,
    "ilhrollllll": """
        sell_document sell_voucher sell_feed_rotate sell_feed_api sell_statement
    """,
    "ilhoollllll": """
        sell_member_remove sell_draft_photo sell_import sell_product sell_variant_new sell_variant
        sell_stock_book sell_certificate sell_trace sell_order sell_complaint sell_complaint_photo
        sell_review_item sell_stand_sheet sell_stand_preview sell_stand_pdf sell_stand_png sell_document_file
        sell_certificate_paper sell_certificate_file sell_product_documents sell_product_document
        sell_stall_sale sell_stall_state
    """,
    "ilhhhllllll": """
        sell_cards sell_cards_back
    """,
    "ihhhhhhhhhh": """
        sell_help_open
    """,
    "irrrrroohhh": """
        commune_figures commune_days_csv commune_month_xlsx commune_report commune_dormant commune_sales
        commune_vendors commune_complaints commune_part commune_part_csv commune_villages
    """,
    "irrrrroorrr": """
        commune_visit_new
    """,
    "irrrrroorro": """
        commune_ended_papers
    """,
    "irrrrrohhho": """
        commune_vendor commune_visit_stand_pdf commune_product commune_certificate commune_complaint
        commune_complaint_photo commune_document_file commune_certificate_file commune_product_document
        commune_village
    """,
    "irrrrrohhhh": """
        commune_stands
    """,
    "irrrrrhhooo": """
        province
    """,
    "irrrrrhhooh": """
        province_csv province_xlsx province_targets
    """,
    "irrrrrhhoho": """
        province_commune_targets
    """,
    "iiiiiiiiiii": """
        sign_in_code
    """,
}

POST: Final = {
    "ooooooooooo": """
        sign_in register sign_out forgot_password password_by_code set_language product basket checkout
        checkout_voucher find_order cancel_order order_complaint order_complaint_add order_complaint_settled age
    """,
    "mmmmmmmmmmm": """
        password_asked account legal_texts legal_text legal_version home search suggestions ranking robots
        sitemap sitemap_part share_card shop market_site communes orders order order_state order_qr_svg
        order_qr_png order_receipt order_receipt_pdf order_complaint_photo addresses about sell_today sell_state
        sell_cards_back sell_statement sell_products sell_draft_photo sell_stocks sell_import
        sell_products_export sell_orders sell_slips sell_order sell_complaints sell_complaint
        sell_complaint_photo sell_review_aside sell_stand_sheet sell_stand_preview sell_stand_pdf sell_stand_png
        sell_book sell_book_weeks sell_book_months sell_book_day commune_home commune_figures commune_days_csv
        commune_month_xlsx commune_report commune_dormant commune_sales commune_vendors commune_vendor
        commune_visit_stand_pdf commune_stands commune_product commune_certificate commune_complaints
        commune_complaint commune_complaint_photo province province_csv province_xlsx province_targets machines
        product_document sell_document_file sell_certificate_file sell_product_document commune_document_file
        commune_certificate_file commune_product_document commune_ended_papers commune_part commune_part_csv
        commune_village
        sell_stall_sale sell_stall_state
    """,
    "hhhhhhhhhhh": """
        new_password order_card
    """,
    "ioooooooooo": """
        change_password sign_out_everywhere address_new sell_open second_step second_step_begin
        second_step_codes second_step_off
    """,
    "irrrrrooooo": """
        help_with_password help_with_second_step
    """,
    "iohhhhhhhhh": """
        address machine_end
    """,
    "hohhhhhhhhh": """
        address_remove
    """,
    "ilooollllll": """
        sell_shop sell_documents sell_members sell_product_new sell_draft_discard sell_products_many
        sell_imports sell_review sell_stand sell_stand_check sell_stall
    """,
    "ilorollllll": """
        sell_account sell_delivery sell_hours sell_feeds sell_statements sell_revenue_seen sell_vouchers
    """,
    "ilhrollllll": """
        sell_document sell_document_remove sell_voucher sell_voucher_end sell_feed_rotate sell_feed_api
        sell_feed_close sell_statement_account sell_statement_columns sell_statement_import
        sell_statement_discard sell_document_file_remove
    """,
    "ilhoollllll": """
        sell_member_remove sell_import_take sell_import_discard sell_product sell_product_copy sell_variant_new
        sell_variant sell_stock_book sell_price sell_stock sell_photo sell_photo_remove sell_photo_move
        sell_submit sell_withdraw sell_certificate sell_trace sell_pack sell_unpack sell_fulfil sell_fulfil_part
        sell_cancel sell_paid sell_refund sell_promise sell_promise_kept sell_promise_withdraw sell_tell
        sell_complaint_answer sell_review_item sell_review_book sell_review_refund sell_review_repeat
        sell_review_again sell_certificate_paper sell_certificate_file_remove sell_product_documents
        sell_product_document_remove sell_stall_cash sell_stall_cancel
    """,
    "ilhhhllllll": """
        sell_cards sell_refund_card
    """,
    "illllllllll": """
        sell_help
    """,
    "ihhhhhhhhhh": """
        sell_help_open
    """,
    "irrrrroorrr": """
        commune_visit_new
    """,
    "irrrrrohhho": """
        commune_verify commune_refuse commune_visit_account commune_visit_stand commune_publish commune_reject
        commune_certificate_files commune_certificate_verify commune_certificate_refuse
        commune_complaint_answer commune_complaint_close
        commune_shop_village commune_village_rename commune_village_merge commune_village_close
    """,
    "irrrrroohhh": """
        commune_villages
    """,
    "irrrrrhhoho": """
        province_commune_targets
    """,
    "iiiiiiiiiii": """
        sign_in_code
    """,
}
