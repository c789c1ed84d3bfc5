# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ask the model: the one way out, to an exact host at an address that was checked.

- `client.HttpUpstream`: the `Upstream` port, for calls to models
- `credentials.Credentials`: reads `file:` and `env:` references when a call leaves
- `destination.check_deployment`: whether a socket could ever be opened for a record; asked when policy is loaded
- `httpx_client.guarded_client`: `httpx` behind the same walls, for everything else
"""
