"""How the operator's pages write moments and days; everybody else's have filters of their own."""

DATETIME_FORMAT = "H:i d/m/Y"
DATE_FORMAT = "d/m/Y"
