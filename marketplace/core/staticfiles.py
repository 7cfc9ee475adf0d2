"""Static files under names with a hash of their content, so that a phone loads each version once."""

from __future__ import annotations

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Whitenoise's hashed storage that falls back to the plain name before `collectstatic` has run.

    Tests and a developer's checkout serve the files as they lie in the source.
    """

    manifest_strict = False

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        """The name with the content's hash, or the plain name of a file that was not gathered yet."""
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            if content is not None:
                raise
            return name
