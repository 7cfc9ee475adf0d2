"""A column that holds the slug of another one's text, so that rows are found by the slugs that programs are given."""

from __future__ import annotations

from typing import Any

from django.db import models

from marketplace.core.text import slugify_vietnamese

SLUG_OF_TEXT_CHARACTERS_MAX = 60


def slug_of_text(text: str) -> str:
    """The slug of a value that is a text: "Hộp 200 g" gives "hop-200-g"; empty if nothing of it is ASCII."""
    return slugify_vietnamese(text, characters_max=SLUG_OF_TEXT_CHARACTERS_MAX)


class SlugOfText(models.CharField):  # type: ignore[type-arg]  # it takes none when it runs
    """The slug of the first of the columns `of` that has a text, written whenever the whole row is.

    It follows from what stands beside it, so that no service has to remember it. Neither `save(update_fields=…)`
    without this column nor `QuerySet.update` brings it along; no service writes those columns so.
    """

    def __init__(self, *args: Any, of: tuple[str, ...], **kwargs: Any) -> None:
        self.of = of
        super().__init__(
            *args, **{"max_length": SLUG_OF_TEXT_CHARACTERS_MAX, "blank": True, "editable": False, **kwargs}
        )

    def deconstruct(self) -> Any:
        """With the columns, for migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """The slug as it is now, which the row in memory then has, too."""
        text = next(filter(None, (getattr(model_instance, column) for column in self.of)), "")
        slug = slug_of_text(text)
        setattr(model_instance, self.attname, slug)
        return slug
