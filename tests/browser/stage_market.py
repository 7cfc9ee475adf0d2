"""Run as a program: the `market` command, with the stage's clock and addresses."""

from tests.browser import stage_clock  # noqa: F401, I001 - sets the clock before the market is read

from marketplace.cli import main

if __name__ == "__main__":
    main()
