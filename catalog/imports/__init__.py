"""A shop's goods out of a file of its own, of KiotViet, Haravan, Sapo or Shopify: read, checked, planned. Pure but
for the look at what the shop has already."""
