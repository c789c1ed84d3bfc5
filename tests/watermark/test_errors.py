# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from watermark.errors import ManifestError, ManifestUnreadable, SigningFailed


@pytest.mark.parametrize("kind", [SigningFailed, ManifestUnreadable])
def test_each_can_be_caught_as_one_kind_and_says_why(kind: type[ManifestError]) -> None:
    with pytest.raises(ManifestError, match="because"):
        raise kind("because")
