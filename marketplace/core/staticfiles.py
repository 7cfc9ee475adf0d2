"""Static files under names with a hash of their content, so that a phone loads each version once."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Whitenoise's hashed storage that falls back to the plain name before `collectstatic` has run.

    Tests and a developer's checkout serve the files as they lie in the source.
    """

    manifest_strict = False
