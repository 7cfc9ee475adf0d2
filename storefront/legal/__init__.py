"""The pages of the texts that this market is bound by."""
