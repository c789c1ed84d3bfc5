# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shipped catalogue says what it should about every provider that was researched, and a host never says more than it can."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import policies
from app.policy.catalogue import Default, Offering, Provider, Requirement, Terms
from app.policy.loader import load_policy
from app.policy.snapshot import PolicySnapshot

BASELINE = Path(policies.__file__).parent / "baseline"


def _load() -> PolicySnapshot:
    """The baseline beside an organisation that has decided nothing. The loader refuses two providers or offerings of one name."""
    with TemporaryDirectory() as empty:
        return load_policy(BASELINE, Path(empty))


PROVIDERS: tuple[Provider, ...] = tuple(_load().providers.values())
OFFERINGS: dict[str, Offering] = {offering.id: offering for provider in PROVIDERS for offering in provider.offerings}

NAMED = {
    "api.openai.com": "openai-api",
    "eu.api.openai.com": "openai-api-eu",
    "chatgpt.com": "chatgpt-consumer chatgpt-enterprise",
    "chat.openai.com": "chatgpt-consumer",
    "ab.chatgpt.com": "chatgpt-consumer",
    "files.oaiusercontent.com": "chatgpt-consumer",
    "voorbeeld.openai.azure.com": "azure-openai-eu azure-openai-global",
    "voorbeeld.services.ai.azure.com": "azure-openai-eu azure-openai-global",
    "voorbeeld.cognitiveservices.azure.com": "azure-openai-eu azure-openai-global",
    "copilot.microsoft.com": "ms-copilot-consumer",
    "www.bing.com": "ms-copilot-consumer",
    "m365.cloud.microsoft": "m365-copilot",
    "copilot.cloud.microsoft": "m365-copilot",
    "substrate.office.com": "m365-copilot",
    "models.github.ai": "github-models",
    "models.inference.ai.azure.com": "github-models",
    "claude.ai": "claude-consumer",
    "api.anthropic.com": "anthropic-api",
    "bedrock-runtime.eu-central-1.amazonaws.com": "claude-bedrock-eu",
    "bedrock-runtime.eu-west-1.amazonaws.com": "claude-bedrock-eu",
    "bedrock-runtime.eu-west-3.amazonaws.com": "claude-bedrock-eu",
    "bedrock-runtime.eu-north-1.amazonaws.com": "claude-bedrock-eu",
    "aiplatform.eu.rep.googleapis.com": "vertex-eu",
    "europe-west4-aiplatform.googleapis.com": "vertex-eu",
    "aiplatform.googleapis.com": "vertex-outside-eu",
    "europe-west2-aiplatform.googleapis.com": "vertex-outside-eu",
    "europe-west6-aiplatform.googleapis.com": "vertex-outside-eu",
    "generativelanguage.googleapis.com": "gemini-api gemini-api-unpaid",
    "gemini.google.com": "gemini-app",
    "bard.google.com": "gemini-app",
    "aistudio.google.com": "gemini-app",
    "notebooklm.google.com": "gemini-app",
    "chat.deepseek.com": "deepseek-chat",
    "www.deepseek.com": "deepseek-chat",
    "api.deepseek.com": "deepseek-api",
    "platform.deepseek.com": "deepseek-api",
    "dashscope.aliyuncs.com": "qwen-dashscope",
    "dashscope-intl.aliyuncs.com": "qwen-dashscope",
    "dashscope-us.aliyuncs.com": "qwen-dashscope",
    "coding-intl.dashscope.aliyuncs.com": "qwen-dashscope",
    "chat.qwen.ai": "qwen-dashscope",
    "voorbeeld.eu-central-1.maas.aliyuncs.com": "qwen-dashscope",
    "api.moonshot.cn": "moonshot-kimi",
    "api.moonshot.ai": "moonshot-kimi",
    "kimi.com": "moonshot-kimi",
    "www.kimi.ai": "moonshot-kimi",
    "open.bigmodel.cn": "zhipu-zai",
    "api.z.ai": "zhipu-zai",
    "chat.z.ai": "zhipu-zai",
    "chatglm.cn": "zhipu-zai",
    "api.minimax.chat": "minimax",
    "api.minimaxi.com": "minimax",
    "api.minimax.io": "minimax",
    "agent.minimax.io": "minimax",
    "hailuoai.video": "minimax",
    "qianfan.baidubce.com": "baidu",
    "aip.baidubce.com": "baidu",
    "yiyan.baidu.com": "baidu",
    "ernie.baidu.com": "baidu",
    "ark.cn-beijing.volces.com": "bytedance",
    "ark.ap-southeast.bytepluses.com": "bytedance",
    "doubao.com": "bytedance",
    "cici.com": "bytedance",
    "coze.com": "bytedance",
    "api.hunyuan.cloud.tencent.com": "tencent",
    "yuanbao.tencent.com": "tencent",
    "api.siliconflow.cn": "siliconflow",
    "api.siliconflow.com": "siliconflow",
    "api-inference.modelscope.cn": "modelscope",
    "api.stepfun.com": "stepfun",
    "api.baichuan-ai.com": "baichuan",
    "api.lingyiwanwu.com": "lingyiwanwu",
    "spark-api-open.xf-yun.com": "iflytek-spark",
    "manus.im": "manus",
    "gigachat.devices.sberbank.ru": "sber-gigachat",
    "ngw.devices.sberbank.ru": "sber-gigachat",
    "giga.chat": "sber-gigachat",
    "llm.api.cloud.yandex.net": "yandex",
    "alice.yandex.ru": "yandex",
    "ya.ru": "yandex",
    "grok.com": "grok-consumer",
    "x.com": "grok-consumer",
    "api.x.ai": "xai-api",
    "meta.ai": "meta-ai",
    "www.meta.ai": "meta-ai",
    "www.perplexity.ai": "perplexity-consumer",
    "api.perplexity.ai": "perplexity-api",
    "character.ai": "character-ai",
    "poe.com": "poe",
    "pi.ai": "pi",
    "you.com": "you",
    "duck.ai": "duck-ai",
    "duckduckgo.com": "duck-ai",
    "huggingface.co": "hf-chat",
    "voorbeeld.hf.space": "hf-chat",
    "api-inference.huggingface.co": "hf-chat",
    "router.huggingface.co": "hf-router",
    "openrouter.ai": "openrouter",
    "eu.openrouter.ai": "openrouter-eu",
    "chat.mistral.ai": "mistral-consumer",
    "api.mistral.ai": "mistral-api mistral-api-experiment",
    "codestral.mistral.ai": "mistral-api mistral-api-experiment",
    "api.aleph-alpha.com": "aleph-alpha",
    "voorbeeld.aleph-alpha.com": "aleph-alpha",
    "willma.surf.nl": "surf-ai-hub",
    "api.scaleway.ai": "scaleway",
    "voorbeeld.ifr.fr-par.scaleway.com": "scaleway",
    "oai.endpoints.kepler.ai.cloud.ovh.net": "ovhcloud ovhcloud-keyless",
    "openai.inference.de-txl.ionos.com": "ionos",
    "inference.de-txl.ionos.com": "ionos",
    "api.openai-compat.model-serving.eu01.onstackit.cloud": "stackit",
    "api.tokenfactory.nebius.com": "nebius",
    "api.studio.nebius.ai": "nebius",
    "inference.api.nscale.com": "nscale",
    "api.infercom.ai": "infercom",
    "api.opper.ai": "opper",
    "api.groq.com": "groq",
    "api.together.xyz": "together",
    "api.fireworks.ai": "fireworks",
    "api.deepinfra.com": "deepinfra",
    "api.cerebras.ai": "cerebras",
    "api.sambanova.ai": "sambanova",
    "api.replicate.com": "replicate",
    "api.novita.ai": "novita",
    "api.cohere.com": "cohere cohere-trial",
    "api.cohere.ai": "cohere cohere-trial",
    "eu-de.ml.cloud.ibm.com": "watsonx-eu",
    "ollama.com": "ollama-cloud",
}
"""Every host that was researched, with the offerings behind it: what may not be lost in an edit."""

THREAT = {"CN", "RU", "IR", "KP"}
"""Countries named as a digital threat by the Dutch services (Dreigingsbeeld Statelijke Actoren 2)."""

WITHOUT_HOST = {"gpt-nl", "vlam", "self-llama-cpp", "self-localai", "self-ollama", "self-tgi", "self-vllm"}
"""Run on, or behind, hosts that only the customer knows: the contract names them."""


def _hosts(offering: Offering) -> Iterator[str]:
    yield from offering.hosts
    yield from offering.host_patterns


def _owners(host: str) -> set[str]:
    return {offering.id for offering in OFFERINGS.values() if offering.owns(host)}


@pytest.mark.parametrize(("host", "owners"), NAMED.items())
def test_every_researched_host_is_there_and_belongs_to_whom_it_should(host: str, owners: str) -> None:
    assert _owners(host) == set(owners.split())


def test_every_offering_is_either_named_here_or_has_no_public_host() -> None:
    named = {owner for owners in NAMED.values() for owner in owners.split()}
    assert set(OFFERINGS) == named | WITHOUT_HOST
    assert {offering.id for offering in OFFERINGS.values() if not list(_hosts(offering))} == WITHOUT_HOST


def test_hosts_are_canonical() -> None:
    for offering in OFFERINGS.values():
        for host in offering.hosts:
            assert host.isascii(), host
            assert host == host.lower().strip().rstrip("."), host
            assert not set(host) & set("/:*@ "), host


def test_wildcards_stand_on_a_label_boundary() -> None:
    patterns = [(offering, pattern) for offering in OFFERINGS.values() for pattern in offering.host_patterns]
    assert patterns
    for offering, pattern in patterns:
        assert pattern.startswith("*."), pattern
        assert pattern.count("*") == 1, pattern
        parent = pattern.removeprefix("*.")
        assert offering.classifies(f"a.{parent}")
        assert not offering.classifies(parent)
        assert not offering.classifies(f"evil-{parent}")
        assert not offering.classifies(f"a.{parent}.evil.example")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "::1",
        "evil-openai.com",
        "api.openai.com.evil.example",
        "openai.azure.com",
        "amazonaws.com",
        "azure.com",
    ],
)
def test_a_host_that_only_looks_familiar_is_nobodys(host: str) -> None:
    assert _owners(host) == set()


def test_offerings_that_share_a_host_name_each_other() -> None:
    """A reader of one entry must learn that the host alone does not show which of the two answers."""
    shared = 0
    for one, other in combinations(OFFERINGS.values(), 2):
        hosts = (
            set(_hosts(one)) & set(_hosts(other))
            | {h for h in one.hosts if other.owns(h)}
            | {h for h in other.hosts if one.owns(h)}
        )
        if hosts:
            shared += 1
            assert other.id in one.caveat, f"{one.id} shares {sorted(hosts)} with {other.id} and does not say so"
            assert one.id in other.caveat, f"{other.id} shares {sorted(hosts)} with {one.id} and does not say so"
    assert shared


def test_of_offerings_that_share_a_host_one_at_most_is_usable() -> None:
    for one, other in combinations(OFFERINGS.values(), 2):
        if set(_hosts(one)) & set(_hosts(other)):
            assert Default.DENY in {one.default, other.default}, (one.id, other.id)


def test_hard_deny_is_for_offensive_cyber_programmes_and_for_nothing_else() -> None:
    for provider in PROVIDERS:
        for offering in provider.offerings:
            assert (offering.default is Default.HARD_DENY) == provider.offensive_cyber_programme, offering.id


def test_a_seat_in_a_country_with_an_offensive_cyber_programme_is_never_overlooked() -> None:
    for provider in PROVIDERS:
        for offering in provider.offerings:
            if offering.jurisdiction and {offering.jurisdiction.seat, offering.jurisdiction.contract_party} & THREAT:
                assert provider.offensive_cyber_programme, offering.id


def test_what_others_run_asks_for_contract_dpia_region_and_no_training() -> None:
    """Q71: agreements on data sharing, storage and retraining."""
    asked = {Requirement.CONTRACT, Requirement.DPIA, Requirement.REGION, Requirement.TRAINING_OFF}
    for offering in OFFERINGS.values():
        if offering.default is Default.CONDITIONAL and offering.terms is not Terms.SELF_HOSTED:
            assert asked <= set(offering.requires), offering.id


def test_a_usable_offering_beside_a_free_tier_asks_for_what_tells_them_apart() -> None:
    told_apart = {Requirement.PAID_TIER, Requirement.API_KEY}
    for one in OFFERINGS.values():
        beside_free = any(
            set(_hosts(one)) & set(_hosts(other)) and other.terms in {Terms.FREE_TRAINS, Terms.CONSUMER}
            for other in OFFERINGS.values()
        )
        if beside_free and one.default is Default.CONDITIONAL:
            assert told_apart & set(one.requires), one.id


def test_review_follows_within_eight_months_of_the_newest_source() -> None:
    for offering in OFFERINGS.values():
        assert isinstance(offering.review_by, date)
        if offering.sources:
            newest = max(source.seen for source in offering.sources)
            seen = date.fromisoformat(newest if len(newest) == len("2026-11-23") else f"{newest}-01")
            assert seen < offering.review_by <= seen + timedelta(days=244), offering.id


def test_what_is_not_confirmed_says_so() -> None:
    for offering in OFFERINGS.values():
        if offering.default is Default.CONDITIONAL and offering.certainty == "memory":
            assert "memory" in offering.caveat or "uncertain" in offering.caveat, offering.id


@pytest.mark.parametrize(
    ("offering", "model"),
    [
        ("self-ollama", "gpt-oss:120b-cloud"),
        ("self-ollama", "gemma4:cloud"),
        ("openrouter", "deepseek/deepseek-r1:free"),
        ("openrouter-eu", "mistralai/mistral-small:free"),
    ],
)
def test_model_names_that_change_the_tier_are_denied(offering: str, model: str) -> None:
    assert model.endswith(OFFERINGS[offering].denied_model_suffixes)


@pytest.mark.parametrize("offering", ["openrouter", "openrouter-eu"])
def test_a_router_that_picks_for_itself_is_denied(offering: str) -> None:
    assert {"openrouter/auto", "openrouter/free"} <= set(OFFERINGS[offering].denied_models)
