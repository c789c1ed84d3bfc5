# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The composition root: the only file that names concrete classes. It furnishes the house, opens it and closes it."""

import importlib.metadata
import logging
import os
import pwd
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from app import settings as configuration
from app.admission import Admission
from app.coverage import Coverage
from app.dialects.openai import OpenAIChat
from app.dialects.registry import Dialects
from app.domain.answer import Upstream
from app.domain.clock import Clock, SystemClock
from app.domain.decision import Deployment
from app.domain.errors import Fault, KeyUnusable, PolicyInvalid
from app.domain.ledger import Ledger
from app.domain.text import LocalText
from app.evidence.checkpointer import Checkpointer
from app.evidence.chronicle import Chronicle
from app.evidence.commitments import Commitments, keyed
from app.evidence.exchange import Evidence
from app.evidence.published import PublishedLog
from app.evidence.record import encode
from app.evidence.tree import fold, leaf
from app.front import Front
from app.identity.accounts import Accounts
from app.identity.authentication import Identity
from app.identity.passwords import Passwords
from app.identity.registrar import Registrar
from app.identity.sessions import Sessions
from app.keys.anchor import FileAnchor
from app.keys.folder import REQUEST, Keys, add_claim_key, create_keys, open_keys, retire_content_key
from app.keys.signer import check_signature
from app.keys.webhook import sign_webhook
from app.marking.manifests import C2paManifests
from app.marking.room import Marking
from app.pipeline import Pipeline
from app.policy.room import PolicyRoom
from app.publication import Publications
from app.review.item import Contents
from app.review.submit import Review
from app.service import Service
from app.settings import Environment, Settings
from app.storage.access import SqlAccessStore
from app.storage.accounts import SqlAccountReader
from app.storage.database import Database
from app.storage.dump import dump, restore
from app.storage.holds import SqlHoldReader
from app.storage.ledger import SqlLedger
from app.storage.log import SqlCheckpoints, SqlContentReader, SqlLogReader
from app.storage.migrate import migrate, pending, require_current
from app.storage.outputs import SqlOutputReader
from app.tasks.outbox import Outbox
from app.upstream.client import AiohttpUpstream
from app.upstream.credentials import Credentials, CredentialUnusable
from app.upstream.destination import check_deployment
from app.upstream.httpx_client import unreachable_because
from app.upstream.webhook import WebhookSender
from app.web import reviews
from app.web.edge import SecurityLog
from app.web.guard import Guard
from app.web.logs import write_json_logs
from app.web.protocol import EdgeLimits
from app.web.proxy import ModelRoutes
from app.web.server import Application, Listener, Tls
from app.web.site import Site, pages, versioned

__all__ = ("application", "check_signature", "migrate", "open_house", "pending")

VERSION = importlib.metadata.version("waarmerk")
_RECEIVED_AT_ONCE = 16
"""Texts handed in for publication, each of at most a megabyte."""
ABLE = Marking.fulfils | Review.fulfils | Evidence.fulfils
CONTROLS = (
    Identity.controls,
    PolicyRoom.controls,
    Pipeline.controls,
    Marking.controls,
    Review.controls,
    Evidence.controls,
    Publications.controls,
)
log = logging.getLogger("waarmerk")


@dataclass(frozen=True, slots=True)
class House:
    """What every command and every page works with: storage is open, policy is loaded, nothing is served yet."""

    settings: Settings
    clock: Clock
    keys: Keys
    organisation: str
    database: Database
    ledger: SqlLedger
    access: SqlAccessStore
    reader: SqlLogReader
    checkpoints: SqlCheckpoints
    contents: SqlContentReader
    checkpointer: Checkpointer
    published: PublishedLog
    chronicle: Chronicle
    policy: PolicyRoom
    identity: Identity
    holds: SqlHoldReader
    outputs: SqlOutputReader
    accounts: Accounts
    sessions: Sessions

    @property
    def operator(self) -> str:
        """Whoever runs this process, as the log knows him: a keyed commitment to that name."""
        return keyed(self.keys.commitment.of(self.organisation), "operator", _name_of(os.getuid()))

    def registrar(self) -> Registrar:
        """Acts in the name of the operator."""
        return Registrar(self.ledger, self.clock, self.organisation, self.operator)


def _name_of(user: int) -> str:
    """Name of a user of this machine; its number where it has none, as in a container that runs under any uid."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def load_policy(settings: Settings, clock: Clock) -> PolicyRoom:
    """The policy room, with every deployment's address judged by the rules of the way out. Raises `PolicyInvalid`."""
    return PolicyRoom(
        clock,
        settings.baseline,
        settings.policies,
        settings.policy_variables,
        check=check_deployment,
        able=ABLE,
    )


def routes() -> Dialects:
    """Every model route that is served."""
    return Dialects(OpenAIChat())


def coverage(policy: PolicyRoom) -> Coverage:
    """Which control runs at which door, under the policy in force in this room."""
    return Coverage([*routes().routes, *reviews.DOORS], CONTROLS, ABLE, policy)


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """Open keys, policy and storage, in that order. Raises the error that says which of them cannot be opened, and why."""
    clock = SystemClock()
    keys = _open_keys(settings)
    policy = load_policy(settings, clock)
    organisation = _organisation(policy)
    database = Database(settings.database_url)
    try:
        require_current(database)
        reader, checkpoints = SqlLogReader(database), SqlCheckpoints(database)
        access = SqlAccessStore(database, organisation)
        people = SqlAccountReader(database, organisation)
        commit, passwords = partial(keyed, keys.commitment.of(organisation)), Passwords()
        async with SqlLedger(
            database,
            organisation,
            encode=encode,
            leaf=leaf,
            fold=fold,
            queue=settings.ledger_queue,
            timeout=settings.ledger_timeout,
        ) as ledger:
            yield House(
                settings=settings,
                clock=clock,
                keys=keys,
                organisation=organisation,
                database=database,
                ledger=ledger,
                access=access,
                reader=reader,
                checkpoints=checkpoints,
                contents=SqlContentReader(database),
                checkpointer=Checkpointer(
                    reader,
                    checkpoints,
                    FileAnchor(settings.home / "anchor"),
                    signer=keys.signer,
                    check=check_signature,
                    host=settings.log_host,
                ),
                published=PublishedLog(reader, checkpoints),
                chronicle=Chronicle(ledger, clock, organisation),
                policy=policy,
                identity=Identity(access),
                holds=SqlHoldReader(database, organisation),
                outputs=SqlOutputReader(database, organisation),
                accounts=Accounts(ledger, people, clock, organisation, commit=commit, passwords=passwords),
                sessions=Sessions(ledger, people, clock, organisation, commit=commit, passwords=passwords),
            )
    finally:
        database.close()


@dataclass(frozen=True, slots=True)
class Prepared:
    """What `prepare` made: whether there are new keys, and the migrations that were run."""

    keys: bool
    certificates: bool
    """For manifests, and for development only."""
    request: Path | None
    """For production, to hand to a certificate authority."""
    migrations: Sequence[str]


def prepare(settings: Settings, *, production: bool = False) -> Prepared:
    """Make the home folder, the keys that are not there, and the database's current schema.

    Raises `KeyUnusable`, `EvidenceUnavailable`.
    """
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = settings.home / "keys"
    fresh = not folder.exists()
    if fresh:
        create_keys(folder, production=production)
    made = add_claim_key(folder, settings.log_host, SystemClock().now())
    request = folder / REQUEST if folder / REQUEST in made else None
    return Prepared(fresh, bool(made) and request is None, request, migrate(settings.database_url))


def renew_content_key(settings: Settings) -> Path:
    """Seal under a new key from the next start on; where the old one is kept. Raises `KeyUnusable`."""
    open_keys(settings.home / "keys")
    return retire_content_key(settings.home / "keys")


def application() -> Application:
    """What a serving process serves, by the settings in force; workers import it by this name."""
    settings = configuration.load()
    write_json_logs(settings.log_level)
    return serving(settings)


def dump_house(house: House, file: BinaryIO) -> Mapping[str, int]:
    """Write every table; return the rows per table. Raises `EvidenceUnavailable`."""
    return dump(house.database, file)


def restore_house(house: House, file: BinaryIO) -> Mapping[str, int]:
    """Fill an empty database, all or nothing. Raises `EvidenceUnavailable`."""
    return restore(file, house.database)


def unusable_credentials(house: House) -> Iterator[tuple[str, str]]:
    """Deployments whose credential cannot be read now, and why; the secret is not in it."""
    credentials = Credentials(configuration.environment())
    for deployment in house.policy.deployments():
        try:
            credentials.header(deployment)
        except CredentialUnusable as error:
            yield deployment.id, str(error)


async def reach(deployment: Deployment) -> str | None:
    """Connect as a call would, without a prompt or a credential: None, or why it cannot be reached."""
    return await unreachable_because(deployment, version=VERSION)


def listener(settings: Settings) -> Listener:
    """Where and within which bounds to listen."""
    tls = None
    if settings.tls_certificate is not None and settings.tls_key is not None:
        tls = Tls(settings.tls_certificate, settings.tls_key)
    limits = EdgeLimits(
        header_bytes=settings.max_headers,
        header_seconds=settings.header_timeout,
        idle_seconds=settings.idle_timeout,
        write_seconds=settings.write_timeout,
        body_idle_seconds=settings.body_timeout,
    )
    return Listener(
        host=settings.host,
        port=settings.port,
        tls=tls,
        workers=settings.workers,
        limits=limits,
        grace_seconds=settings.drain,
    )


def serving(settings: Settings) -> Application:
    """The whole of it: guard, model routes, pages, and a house that opens when the server starts."""
    security = SecurityLog(time.monotonic)
    dialects = routes()
    service = Service(partial(open_house, settings), partial(_upstream, settings), partial(furnish, dialects), _outbox)
    models = ModelRoutes(
        service.pipeline,
        dialects,
        public_address=settings.public_address,
        most_body=settings.max_body,
        keepalive=settings.keepalive,
        turned_away=security,
    )
    front = Front(service, coverage, public_address=settings.public_address, version=VERSION, refused=security)
    rest = pages(
        list(front.routers()),
        service.lifespan,
        version=VERSION,
        public_address=settings.public_address,
        turned_away=security,
    )
    site = Site(models, dialects.prefixes, rest)
    guard = Guard(
        site, allowed_hosts=settings.answered_hosts, trusted_proxies=settings.trusted_proxies, refused=security
    )
    return Application(versioned(guard), drain=service.drain, interrupt=service.interrupt, refused=security)


def _upstream(settings: Settings) -> AiohttpUpstream:
    credentials = Credentials(configuration.environment())
    return AiohttpUpstream(credentials, version=VERSION, max_answer=settings.max_answer)


def _outbox(house: House) -> Outbox:
    credentials = Credentials(configuration.environment())
    sender = WebhookSender(credentials, sign_webhook, source=house.settings.public_address, version=VERSION)
    return Outbox(house.ledger, house.clock, house.policy.webhook, sender)


def furnish(dialects: Dialects, house: House, upstream: Upstream, ledger: Ledger | None = None) -> Pipeline:
    """The one door of an open house; with `ledger` it writes through another than the house's own."""
    ledger, keys = ledger or house.ledger, house.keys
    marking = Marking(house.settings.public_address, house.policy.disclosures)
    manifests = C2paManifests(keys.claim, house.clock, version=VERSION)
    contents = Contents(house.contents, keys.cipher)
    commitments = Commitments(keys.commitment.of(house.organisation), house.outputs)
    return Pipeline(
        dialects=dialects,
        identity=house.identity,
        policy=house.policy,
        upstream=upstream,
        marking=marking,
        review=Review(
            ledger,
            house.holds,
            contents,
            commitments,
            house.clock,
            listens=house.policy.listens,
            most_open=house.settings.max_open_holds,
        ),
        publications=Publications(OpenAIChat(), marking, manifests, keys.commitment),
        evidence=Evidence(ledger, house.clock, keys.cipher, keys.commitment),
        admission=Admission(house.settings.max_calls, house.settings.max_calls_of_one),
        reception=Admission(_RECEIVED_AT_ONCE, _RECEIVED_AT_ONCE // 2),
    )


def _open_keys(settings: Settings) -> Keys:
    keys = open_keys(settings.home / "keys")
    if keys.development and settings.environment is Environment.PRODUCTION:
        raise KeyUnusable(
            LocalText(
                nl="Dit zijn ontwikkelsleutels; productie weigert ze.",
                en="These are development keys; production refuses them.",
            ),
            remedy=LocalText(
                nl="Maak echte sleutels in een nieuwe map: `waarmerk init --production`.",
                en="Make real keys in a new home: `waarmerk init --production`.",
            ),
        )
    return keys


def _organisation(policy: PolicyRoom) -> str:
    """The organisation this installation serves. Raises `PolicyInvalid` unless the folder names exactly one."""
    names = sorted(policy.snapshot.organisations)
    if len(names) != 1:
        raise PolicyInvalid(
            Fault(
                "organisations/",
                f"must hold exactly one organisation; this installation serves one, found {len(names)}",
            )
        )
    return names[0]
