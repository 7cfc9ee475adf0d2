"""VietQR, the QR code of NAPAS' fast transfer: a strict writer, a tolerant but checked reader, and pictures.

The format is NAPAS' "Định dạng mã VietQR trong dịch vụ chuyển nhanh NAPAS247" v1.0 (09/2021) over EMVCo's
merchant-presented QR code: fields of two digits of id, two digits of length, and a value.
"""
