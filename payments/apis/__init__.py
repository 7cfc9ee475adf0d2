"""The providers' own programs, as we call them: their lists of transactions, and payOS's payment links."""
