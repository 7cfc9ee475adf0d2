"""What may be done with money: one function a use case."""
