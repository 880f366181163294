"""Work on many pictures, spread over processes of one thread each."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

Given = TypeVar("Given")
Task = TypeVar("Task")
Done = TypeVar("Done")


def together(
    jobs: int, start: Callable[[Given], None], given: Given, work: Callable[[Task], Done], tasks: Iterable[Task]
) -> Iterator[Done]:
    """What ``work`` makes of each of ``tasks``, as soon as it is there, in ``jobs`` processes; each process calls
    ``start`` with ``given`` first. Raises what ``work`` raises."""
    context = multiprocessing.get_context("spawn")  # a forked process would inherit torch's threads
    with _one_thread_each(), ProcessPoolExecutor(jobs, context, start, (given,)) as pool:
        waiting = [pool.submit(work, task) for task in tasks]
        try:
            for done in as_completed(waiting):
                yield done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes started meanwhile compute with one thread each: they are as many as there are cores for."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
