"""Card payments of buyers abroad, one use case a function. Stripe is asked outside transactions, always."""
