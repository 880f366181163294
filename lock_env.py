"""Make requirements.lock anew: what pyproject.toml asks for, with hashes, for every system from Python 3.11 on.

PyTorch and its CUDA packages are left out, for setup_env.py chooses their build by machine; what else PyTorch
needs is in, so that the choice pulls in nothing unpinned.
"""

from __future__ import annotations

import re
import subprocess
import sys

from setup_env import ROOT, TORCH

LEFT_OUT = re.compile(r"(torch|triton|nvidia-[\w-]+|cuda-[\w-]+)==")
HEADER = """\
# Made by `make lock` from pyproject.toml (all extras). PyTorch is not here: see setup_env.py.
"""
COMPILE = ("--universal", "--python-version", "3.11", "--all-extras", "--generate-hashes", "--no-header", "--quiet")


def without_torch(lock: str) -> str:
    """`lock` less the packages that come with the build of PyTorch; a package's lines go or stay together."""
    packages = re.split(r"^(?=\S)", lock, flags=re.MULTILINE)
    return "".join(package for package in packages if not LEFT_OUT.match(package))


def main() -> None:
    command = [sys.executable, "-m", "uv", "pip", "compile", *COMPILE, "--constraint", "-", "pyproject.toml"]
    made = subprocess.run(command, cwd=ROOT, input=f"torch=={TORCH}\n", capture_output=True, text=True, check=True)
    (ROOT / "requirements.lock").write_text(HEADER + without_torch(made.stdout))


if __name__ == "__main__":
    main()
