"""A paper that somebody handed in, as it is kept: a photo or a PDF, and where its one file lies."""

from __future__ import annotations

from django.db import models

FILE_NAME_CHARACTERS_MAX = 100


class KeptPaper(models.Model):
    """What every row that stands for a paper's file has."""

    file = models.CharField(max_length=FILE_NAME_CHARACTERS_MAX)
    """Where it lies; random, and never written into a page: a face hands out the content after it asked who reads."""
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    """In pixels; of a PDF both are 0."""
    bytes_count = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        abstract = True

    @property
    def is_pdf(self) -> bool:
        """Whether it is a PDF; otherwise it is a JPEG that we encoded."""
        return self.width == 0
