"""What may be done with baskets, checkouts and orders: one function a use case."""
