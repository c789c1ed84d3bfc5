# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an approval binds: if one letter, the label or the policy were another, it would be an approval of something else."""

import json
from collections.abc import Mapping
from hashlib import sha256


def binding_of(texts: Mapping[int, str], *, label: str, language: str, policy: str) -> str:
    """SHA-256, lower-case hex, over the unmarked text of every choice, the label variant, its language and the policy."""
    bound = {
        "choices": {str(choice): sha256(text.encode()).hexdigest() for choice, text in texts.items()},
        "label": label,
        "language": language,
        "policy": policy,
    }
    return sha256(json.dumps(bound, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
