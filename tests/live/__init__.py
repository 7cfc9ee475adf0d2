"""What only a running Saleor can show; `docs/saleor.md` says how to start one and how to run these."""
