"""What every test run stands on: pytest plugins, one concern a file."""
