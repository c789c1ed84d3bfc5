# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What each record may say: the closed table of fields. A field that is not here cannot be written, nor pass an audit."""

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.record import RecordType

ENVELOPE: Mapping[str, str] = MappingProxyType(
    {
        "v": "version of this table, 1",
        "type": "what happened, `subject:action`",
        "id": "id of the record, `rec_` and a UUIDv7",
        "ts": "when, RFC 3339 in UTC with milliseconds; the index orders records, not this",
        "org": "organisation whose log this is",
        "exchange": "id of the call it is about, `exc_` and a UUIDv7",
        "prev": "id of the record before it of the same exchange",
    }
)
"""Fields around every body, with what they say."""

_KEY = {"key": "id of the API key, never the key", "application": "registered use case that called"}
_RULE = {
    "rule": "rule of policy that decided",
    "policy": "SHA-256 of the policy files that decided",
    "operation": "route in the registry, `openai.chat.completions`",
    "shadow": "what rules that only observe would have done",
}
_END = {
    "codes": "code of each choice, by index",
    "output": "commitment to the output, by index and place; never the output",
    "received": "commitment to the bytes that came from the provider",
}
_CUT = {"cause": "name of the problem that ended it", **_END}
_STOP = {
    "kind": "`application`, `deployment` or `provider`",
    "name": "which one is stopped or started",
    "reason": "why, as the supervisor gave it",
    "by": "commitment to who ordered it",
}
_ACCOUNT = {
    "user": "commitment to the account, the same in every record about this person",
    "roles": "what the person may do",
    "uses": "applications the person works with",
    "by": "commitment to who did it: an operator, or the person",
}
_SESSION = {
    "user": "commitment to the account; a name that nobody has makes no record",
    "session": "commitment to the session, where it is about one",
    "cause": "of a refusal `password`, `locked` or `disabled`, of an end `signed-out`, `replaced` or `idle`",
}
_POLICY = {"policy": "SHA-256 of the policy files", "previous": "SHA-256 of those before"}

_HOLD = {"hold": "id of the review, `rev_` and a UUIDv7"}
_BY = {**_HOLD, "by": "keyed commitment to the person who did it"}
_ENDED = {**_HOLD, "cause": "`term`, `exchange-ended` (its answer was lost), or name of the problem that ended it"}
_BOUND = {"binding": "commitment to what an approval binds: the text of every choice, label, language and policy"}
_TEXTS = {"content": "commitment to the text of each choice without marks; never the text"}
_TERMS = {
    "label": "variant of the visible label",
    "language": "language of that label",
    "policy": "SHA-256 of the policy files it is held under",
}
_EDITION = {"edition": "which edition of the texts, counted from 1: as the model gave them"}
_DECIDED = {**_BY, **_EDITION, "reason": "`facts`, `sources`, `tone`, `bias`, `personal_data`, `law` or `other`"}
_SIGNED_OFF = {
    **_BY,
    **_EDITION,
    **_BOUND,
    **_TEXTS,
    "attestations": "what this person declares, by id",
    "sign_off": "how many have signed off by now",
}

FIELDS: Mapping[RecordType, Mapping[str, str]] = MappingProxyType(
    {
        RecordType.EXCHANGE_OPENED: {
            **_KEY,
            "task": "task of the application, named by the model alias",
            **_RULE,
            "deployment": "usable model that is asked",
            "provider": "who runs it",
            "model": "name of the model at the provider",
            "stream": "whether the answer is streamed",
            "choices": "how many answers were asked for",
            "prompt": "commitment to the prompt; never the prompt",
            "context": "keyed commitments to actor, case, data subject, conversation and work item",
            "obligations": "what must be done along the way",
            "requester": "`known` when an actor was given, else `unknown`",
            "keep_days": "how many days salts and content are kept after this day",
            "content_kept": "whether prompt and output are kept, encrypted, outside this log",
        },
        RecordType.EXCHANGE_REFUSED: {
            **_KEY,
            "name": "name of the problem, as in `/problems/{name}`",
            **_RULE,
            "model_asked": "model alias that was asked for, cut at 128 characters",
            **_HOLD,
        },
        RecordType.EXCHANGE_DELIVERED: {
            **_END,
            "upstream_model": "model that the provider says answered",
            "bytes": "how many bytes came from the provider",
            "finish": "why each choice ended, as the provider says",
        },
        RecordType.EXCHANGE_ABORTED: _CUT,
        RecordType.EXCHANGE_FAILED: {
            **_CUT,
            "upstream_status": "HTTP status, when the provider answered with an error",
        },
        RecordType.EXCHANGE_HELD: {
            **_END,
            "upstream_model": "model that the provider says answered",
            "bytes": "how many bytes came from the provider",
            **_HOLD,
            **_BOUND,
        },
        RecordType.HOLD_OPENED: {
            **_HOLD,
            "application": "registered use case that called",
            "task": "task of the application",
            "profile": "profile of the task",
            "review_class": "how many people look, and which of them may be the same",
            "sign_offs": "how many different people must approve",
            **_TERMS,
            "requester": "keyed commitment to who asked; nothing where the application does not say",
            "state": "`pending`, or `collecting` where the model was still answering",
            "choices": "how many answers are held",
            "expires": "when it expires: it is never published after that",
        },
        RecordType.HOLD_CLAIMED: _BY,
        RecordType.HOLD_LET_GO: _BY,
        RecordType.HOLD_EDITED: {
            **_BY,
            **_EDITION,
            **_TEXTS,
        },
        RecordType.HOLD_SIGNED_OFF: _SIGNED_OFF,
        RecordType.HOLD_APPROVED: {
            **_SIGNED_OFF,
            "published": "commitment to the text of each choice as published, label and marks included; never the text",
            "codes": "code of each choice, by index",
            **_TERMS,
            "reviewers": "keyed commitments to everybody who signed off, in order",
            "edited": "whether a person changed the words of the model",
        },
        RecordType.HOLD_REJECTED: _DECIDED,
        RecordType.HOLD_CHANGES_REQUESTED: _DECIDED,
        RecordType.HOLD_EXPIRED: _ENDED,
        RecordType.HOLD_WITHDRAWN: _BY,
        RecordType.HOLD_FAILED: _ENDED,
        RecordType.HOLD_FETCHED: {
            **_HOLD,
            "key": "id of the API key that got the approved text",
            "first": "whether it was the first time",
        },
        RecordType.HOLD_SEEN: {**_BY, **_EDITION},
        RecordType.POLICY_LOADED: _POLICY,
        RecordType.POLICY_REJECTED: {**_POLICY, "faults": "how many faults were found"},
        RecordType.POLICY_STOPPED: _STOP,
        RecordType.POLICY_STARTED: _STOP,
        RecordType.KEY_CREATED: {
            **_KEY,
            "scopes": "what the key may do",
            "label": "what the operator calls it",
            "by": "commitment to who did it",
        },
        RecordType.KEY_REVOKED: {**_KEY, "by": "commitment to who did it"},
        RecordType.USER_CREATED: _ACCOUNT,
        RecordType.USER_CHANGED: {
            **_ACCOUNT,
            "changed": "`standing` (roles, uses, name at applications), `link`, `password`, `disabled` or `enabled`",
        },
        RecordType.SESSION_OPENED: {"user": _SESSION["user"], "session": _SESSION["session"]},
        RecordType.SESSION_REFUSED: {"user": _SESSION["user"], "cause": _SESSION["cause"]},
        RecordType.SESSION_CLOSED: {
            "session": _SESSION["session"],
            "cause": _SESSION["cause"],
            "count": "how many ended",
        },
        RecordType.CONTENT_ERASED: {"before": "salts and content whose term ended before this day were destroyed"},
    }
)
"""Fields of each body, with what they say. The manual prints this table; a test keeps the two equal."""

OPENING = RecordType.EXCHANGE_OPENED
CLOSING = frozenset(
    {
        RecordType.EXCHANGE_DELIVERED,
        RecordType.EXCHANGE_HELD,
        RecordType.EXCHANGE_ABORTED,
        RecordType.EXCHANGE_FAILED,
    }
)
"""Exactly one of these follows each `exchange:opened`."""
ABOUT_A_HOLD = frozenset(kind for kind in RecordType if kind.startswith("hold:"))
"""Each follows the one before it of the same hold, the first of them `exchange:opened`."""
BESIDE = frozenset({RecordType.HOLD_SEEN, RecordType.HOLD_FETCHED})
"""Of these, those that change nothing: the next record does not follow them."""
