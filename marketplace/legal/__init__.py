"""The texts that this market is bound by, in versions that stay readable."""
