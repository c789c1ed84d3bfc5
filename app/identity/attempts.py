# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Guessing made slow (NIST SP 800-63B-4 section 3.2.2): per account, per name that nobody has, and per address."""

from collections import OrderedDict
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from typing import Final

from app.domain.errors import TooManyAttempts

FREE: Final = 5
"""Wrong passwords in a row that cost nothing."""
MOST: Final = 100
"""Wrong passwords in a row after which only a new setup link helps: the limit of section 3.2.2."""
_FIRST_LOCK: Final = timedelta(minutes=15)
_LONGEST_LOCK: Final = timedelta(hours=4)
_MOST_DOUBLED: Final = 10


def lock(failures: int, moment: datetime) -> datetime | None:
    """Until when nobody may try, after so many wrong passwords in a row: a quarter of an hour, doubled by each further one."""
    if failures < FREE:
        return None
    doubled = min(failures - FREE, _MOST_DOUBLED)
    return moment + min(_FIRST_LOCK * (1 << doubled), _LONGEST_LOCK)


def require_unlocked(failures: int, locked_until: datetime | None, moment: datetime) -> None:
    """Raise `TooManyAttempts` while it is locked, and from `MOST` on."""
    if failures >= MOST or (locked_until is not None and locked_until > moment):
        raise TooManyAttempts


class Strangers:
    """Names that nobody has are locked as accounts are: else the lock would tell which accounts there are.

    Of a name its digest is kept: what is typed there may be two megabytes, or somebody's password.
    """

    def __init__(self, size: int = 10_000) -> None:
        self._failures: OrderedDict[bytes, tuple[int, datetime | None]] = OrderedDict()
        self._size = size

    def attempt(self, name: str, moment: datetime) -> None:
        """Count one attempt; raises `TooManyAttempts`."""
        key = sha256(name.encode(errors="surrogatepass")).digest()
        failures, locked_until = self._failures.get(key, (0, None))
        require_unlocked(failures, locked_until, moment)
        self._failures[key] = failures + 1, lock(failures + 1, moment)
        self._failures.move_to_end(key)
        if len(self._failures) > self._size:
            self._failures.popitem(last=False)


class Peers:
    """Addresses: many people may share one, so it takes more to be shut out, and a quarter of an hour ends it."""

    term: Final = timedelta(minutes=15)

    def __init__(self, most: int = 50, size: int = 10_000) -> None:
        self._attempts: OrderedDict[str, tuple[int, datetime]] = OrderedDict()
        self._most = most
        self._size = size

    def attempt(self, address: str, moment: datetime) -> None:
        """Count one attempt before it is judged, so that many at once are many; raises `TooManyAttempts`."""
        key = _network(address)
        count, since = self._attempts.get(key, (0, moment))
        if since + self.term <= moment:
            count, since = 0, moment
        if count >= self._most:
            raise TooManyAttempts
        self._attempts[key] = count + 1, since
        self._attempts.move_to_end(key)
        if len(self._attempts) > self._size:
            self._attempts.popitem(last=False)

    def forgive(self, address: str) -> None:
        """That attempt was right."""
        key = _network(address)
        count, since = self._attempts.get(key, (0, None))
        if since is not None:
            self._attempts[key] = max(count - 1, 0), since


def _network(address: str) -> str:
    """Who has one IPv6 address has its whole /64."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64)
    return str(found)
