# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pictures of docs/benchmark.md, from bench/result.json. Runs in the bench's own environment, which has matplotlib."""

import json
from pathlib import Path
from statistics import median
from typing import Any

import matplotlib as mpl  # type: ignore[import-not-found]
from matplotlib import pyplot as plt

HERE = Path(__file__).parent
IMAGES = HERE.parent / "docs" / "images"
COLOURS = {"nginx": "#6b7280", "waarmerk": "#154273", "litellm": "#b36200"}
NAMES = {"nginx": "nginx", "waarmerk": "Waarmerk", "litellm": "LiteLLM"}
PANELS = {
    "answer": "letters of the answer",
    "history": "messages in the request",
    "applications": "applications in the policy folder",
    "log": "entries in the log",
}


def cost(result: dict[str, Any]) -> None:
    """Bars on a logarithmic scale: CPU of a request and of an event."""
    figure, panels = plt.subplots(1, 2, figsize=(10, 2.4), layout="constrained")
    asked = (
        ("json_32", "cpu_ms", "CPU ms per JSON request"),
        ("stream", "cpu_us_per_event", "CPU µs per streamed event"),
    )
    for panel, (measurement, name, title) in zip(panels, asked, strict=True):
        for place, target in enumerate(reversed(NAMES)):
            found = [entry[name] for entry in result["comparison"][target][measurement] if name in entry]
            if found:
                bar = panel.barh(place, median(found), color=COLOURS[target], height=0.6)
                panel.bar_label(bar, fmt=lambda value: f" {value:,.0f}" if value >= 100 else f" {value:.3g}")
        panel.set(yticks=range(len(NAMES)), yticklabels=list(reversed(NAMES.values())), xscale="log", title=title)
        panel.margins(x=0.15)
    _save(figure, "bench-cost")


def growth(result: dict[str, Any]) -> None:
    """Four curves, from zero up, so that flat looks flat."""
    figure, panels = plt.subplots(2, 2, figsize=(10, 6.5), layout="constrained")
    for panel, (name, title) in zip(panels.flat, PANELS.items(), strict=True):
        points = result["growth"][name]
        for target, label in NAMES.items():
            if target in points[0]:
                values = [point.get(target) for point in points]
                panel.plot([point["x"] for point in points], values, "o-", color=COLOURS[target], label=label)
        panel.set(xlabel=title, ylabel="CPU ms per request", ylim=(0, 1.15 * panel.dataLim.y1))
        panel.xaxis.set_major_formatter("{x:,.0f}")
        panel.legend()
    _save(figure, "bench-growth")


def _save(figure: Any, name: str) -> None:  # noqa: ANN401
    figure.savefig(IMAGES / f"{name}.svg", metadata={"Date": None})


if __name__ == "__main__":
    mpl.rcParams.update({
        "svg.hashsalt": "waarmerk", "svg.fonttype": "none", "font.family": "sans-serif",
        "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.3, "axes.axisbelow": True,
    })  # fmt: skip
    kept = json.loads((HERE / "result.json").read_text())
    cost(kept)
    growth(kept)
