"""Stripe's adapter: what is asked of it and what it tells, as values of ours. Nothing else knows Stripe."""
