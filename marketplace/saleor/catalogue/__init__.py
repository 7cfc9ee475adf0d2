"""Our shops and goods inside a Saleor, in the shape its own guide recommends for marketplaces: a page for each shop,
and products that refer to it."""
