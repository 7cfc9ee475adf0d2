"""Bank statements as files: bytes in, lines out. Pure: no database, no clock.

`reading.read_statement` is the way in. A table (CSV or XLSX) is read by a `layouts.Layout`, which says what each
column means; MT940 and camt.053 say it themselves. `identity` gives every line the id that it keeps however often,
in whatever order and from whichever overlapping file it is read.
"""
