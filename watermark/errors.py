# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can go wrong with a manifest, each by a name."""


class ManifestError(Exception):
    """A manifest cannot be made or read; the message never holds the text."""


class SigningFailed(ManifestError):
    """Nothing was signed: the key, the certificates or what is claimed cannot be used."""


class ManifestUnreadable(ManifestError):
    """These bytes are no manifest store, or not one of a text."""
