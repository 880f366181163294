"""Set up everything Linewash needs in `.venv` of this checkout; done in a blink when nothing has changed.

Run it with any Python from 3.11 on: ``python3 setup_env.py`` (``make color`` and ``make test`` do so themselves).
It installs what requirements.lock pins, then the build of PyTorch that fits the machine, then Linewash itself,
editable. A run that was cut off is repaired by the next one.
"""

from __future__ import annotations

import ctypes
import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST_PYTHON = (3, 11)
TORCH = "2.13.0"

INPUTS = ("pyproject.toml", "requirements.lock", "setup_env.py")
STAMP = "linewash-set-up"  # in .venv: what the finished set-up was made from
UNFINISHED = "linewash-unfinished"  # in .venv while a set-up runs; found later, it was cut off
CUDA_LIBRARY = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"


class SetUpError(Exception):
    """What went wrong and what to do next, in words for a person."""


def venv_python(environment: Path) -> Path:
    """The interpreter of a virtual environment."""
    return environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def has_nvidia_gpu(library: str = CUDA_LIBRARY) -> bool:
    """Whether a driver and at least one card answer: what a CUDA build of PyTorch needs, and nothing less."""
    try:
        cuda = ctypes.CDLL(library)
        count = ctypes.c_int(0)
        return cuda.cuInit(0) == 0 and cuda.cuDeviceGetCount(ctypes.byref(count)) == 0 and count.value > 0
    except (OSError, AttributeError):
        return False


def fingerprint(root: Path, gpu: bool) -> str:
    """Changes when the set-up would come out differently: other pins, another Python, another place, a new card."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {root} {gpu}".encode())
    for name in INPUTS:
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def is_current(environment: Path, wanted: str) -> bool:
    """Whether `environment` was finished with the fingerprint `wanted` and still has its interpreter."""
    stamp = environment / STAMP
    return venv_python(environment).exists() and stamp.is_file() and stamp.read_text().strip() == wanted


def is_sound(environment: Path) -> bool:
    """Whether `environment` can be built upon: not cut off half-way, of this Python, with a pip that runs."""
    if (environment / UNFINISHED).exists() or not venv_python(environment).exists():
        return False
    major, minor = sys.version_info[:2]
    probe = f"import sys, pip; sys.exit(sys.version_info[:2] != ({major}, {minor}))"
    return subprocess.run([venv_python(environment), "-c", probe], capture_output=True).returncode == 0


def installed_torch(environment: Path) -> tuple[str, bool] | None:
    """Version of the installed PyTorch and whether it can use a card; None when there is none that imports."""
    probe = "import torch; print(torch.__version__, torch.version.cuda is not None or torch.version.hip is not None)"
    answer = subprocess.run([venv_python(environment), "-c", probe], capture_output=True, text=True)
    if answer.returncode != 0:
        return None
    version, on_gpu = answer.stdout.split()
    return version, on_gpu == "True"


def torch_fits(installed: tuple[str, bool] | None, gpu: bool) -> bool:
    """Whether the installed PyTorch (see `installed_torch`) will do: no GPU wants no CUDA, but it does no harm."""
    if installed is None:
        return False
    version, on_gpu = installed
    major, minor = (int(part) for part in version.split(".")[:2])
    return (2, 6) <= (major, minor) < (3, 0) and (on_gpu or not gpu)


def torch_commands(python: Path, gpu: bool, platform: str = sys.platform) -> list[list[str]]:
    """Commands that install the fitting build, best first; each is tried until one succeeds.

    pip alone can't choose: on Linux its `torch` is the CUDA build, on Windows the CPU build. So pip is asked for
    the CPU build by its full version, which it finds where somebody has put the wheel in reach of it; otherwise uv
    fetches it, for it knows where PyTorch keeps its builds and which one a graphics driver can run.
    """
    pip = [str(python), "-m", "pip", "install", "--quiet"]
    uv = [str(python), "-m", "uv", "pip", "install", "--quiet", "--python", str(python)]
    if platform == "darwin":
        return [[*pip, f"torch=={TORCH}"]]
    if gpu:
        return [
            [*uv, "--reinstall-package", "torch", f"torch=={TORCH}", "--torch-backend=auto"],
            [*pip, "--upgrade", "--force-reinstall", f"torch=={TORCH}"],
        ]
    return [[*pip, f"torch=={TORCH}+cpu"], [*uv, f"torch=={TORCH}", "--torch-backend=cpu"]]


def run_first(commands: list[list[str]], failure: str) -> None:
    """Run `commands` until one succeeds; raises `SetUpError` with `failure` and what each said when none does."""
    said = []
    for command in commands:
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if answer.returncode == 0:
            return
        said.append(f"$ {' '.join(command)}\n{answer.stderr.strip()}")
    raise SetUpError("\n".join([*said, failure]))


def install_torch(environment: Path, gpu: bool) -> None:
    """See to it that a PyTorch that fits the machine is installed, and say which and why in one line."""
    why = "an NVIDIA card answers" if gpu else "no NVIDIA card answers"
    installed = installed_torch(environment)
    if torch_fits(installed, gpu):
        print(f"PyTorch: {installed[0] if installed else ''} is there already and fits ({why}).")
        return
    build = "the build for this system" if sys.platform == "darwin" else "the CUDA build" if gpu else "the CPU build"
    print(f"PyTorch: installing {TORCH}, {build}, because {why}.", flush=True)
    run_first(
        torch_commands(venv_python(environment), gpu),
        f"PyTorch could not be installed. Install torch {TORCH} into {environment} by hand and run this again.",
    )


def set_up(environment: Path, gpu: bool) -> None:
    """Bring `environment` to what the lock says. Raises `SetUpError`."""
    if not is_sound(environment):
        print(f"Creating {environment} with Python {sys.version.split()[0]}.", flush=True)
        venv.create(environment, clear=True, with_pip=True)
    (environment / STAMP).unlink(missing_ok=True)
    unfinished = environment / UNFINISHED
    unfinished.touch()
    pip = [str(venv_python(environment)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    # --no-deps: the lock is whole, less what pyproject.toml's [tool.uv] leaves out of it
    pinned = [*pip, "--no-deps", "--require-hashes", "-r", str(ROOT / "requirements.lock")]
    editable = [*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    try:
        print("Installing what requirements.lock pins; this takes a minute.", flush=True)
        run_first([pinned], "The packages could not be installed; the lines above say why. Mend that and try again.")
        install_torch(environment, gpu)
        run_first([editable], "Linewash itself could not be installed; the lines above say why.")
    except SetUpError:
        unfinished.unlink()  # pip has cleaned up after itself, so the next run may build on what is there
        raise
    (environment / STAMP).write_text(fingerprint(ROOT, gpu) + "\n")
    unfinished.unlink()


def main() -> int:
    """Set up `.venv` when need be; the exit status is 0 when it is ready for use."""
    if sys.version_info < OLDEST_PYTHON:
        print(f"Linewash needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    environment = ROOT / ".venv"
    gpu = has_nvidia_gpu()
    if is_current(environment, fingerprint(ROOT, gpu)):
        return 0
    try:
        set_up(environment, gpu)
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
