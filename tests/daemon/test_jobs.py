"""Every job ends in exactly one terminal message, whatever happens in whatever order."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from linewash.contract import Color, Plane
from linewash.errors import LinewashError
from linewash_daemon import jobs as module
from linewash_daemon.jobs import MAX_WAITING, MAX_WAITING_PER_CLIENT, Ending, Job, Jobs

CLIENTS = st.sampled_from([b"a", b"b", b"c"])
STREAMS = st.sampled_from(["", "", "one", "two"])


def _job(client: bytes, job_id: str, stream: str = "", nbytes: int = 0) -> Job:
    request = Color(job_id, Plane(16, 16), "0" * 64, stream=stream)
    return Job(client, request, memoryview(bytes(nbytes)) if nbytes else None)


class Life(RuleBasedStateMachine):
    """Clients add, cancel and leave; the worker takes and finishes; the daemon stops. A model counts the ends."""

    def __init__(self) -> None:
        super().__init__()
        self.jobs = Jobs()
        self.ends: Counter[Job] = Counter()
        self.added: list[Job] = []
        self.taken: Job | None = None
        self.deserted: set[Job] = set()
        self.stopped = False

    @initialize()
    def begin(self) -> None:
        self.jobs = Jobs()

    def _note(self, endings: list[Ending]) -> None:
        for ending in endings:
            self.ends[ending.job] += 1

    def _open(self) -> list[Job]:
        return [job for job in self.added if not self.ends[job] and job not in self.deserted]

    @rule(client=CLIENTS, stream=STREAMS, nbytes=st.integers(0, 100), again=st.booleans())
    def add(self, client: bytes, stream: str, nbytes: int, again: bool) -> None:
        mine = [job.request.id for job in self._open() if job.client == client]
        job_id = mine[0] if again and mine else str(len(self.added))
        job = _job(client, job_id, stream, nbytes)
        try:
            endings = self.jobs.add(job)
        except LinewashError as error:
            assert error.code == ("stopping" if self.stopped else "bad_message" if job_id in mine else "busy")
            return
        assert job_id not in mine
        assert not self.stopped
        assert all(e.job.request.stream == stream != "" and e.job.client == client for e in endings)
        self._note(endings)
        self.added.append(job)

    @rule(ready=st.sets(CLIENTS))
    def take(self, ready: set[bytes]) -> None:
        job = self.jobs.take(ready.__contains__)
        if job is not None:
            assert self.taken is None
            assert job in self._open()
            assert job.client in ready
            self.taken = job

    @precondition(lambda self: self.taken is not None)
    @rule()
    def finish(self) -> None:
        assert self.taken is not None
        if self.jobs.finish(self.taken):
            self.ends[self.taken] += 1
        self.taken = None

    @rule(client=CLIENTS, pick=st.integers(0, 50))
    def cancel(self, client: bytes, pick: int) -> None:
        target = str(pick)
        theirs = [job for job in self._open() if job.client == client and job.request.id == target]
        found, endings = self.jobs.cancel(client, target)
        assert [e.job for e in endings] == theirs
        assert found == ("unknown" if not theirs else "running" if theirs[0] is self.taken else "queued")
        self._note(endings)

    @rule(client=CLIENTS)
    def leave(self, client: bytes) -> None:
        theirs = {job for job in self._open() if job.client == client}
        assert self.jobs.drop(client) == len(theirs)
        self.deserted |= theirs

    @rule()
    def stop(self) -> None:
        self._note(self.jobs.stop())
        self.stopped = True
        assert not self._open()

    @invariant()
    def no_job_ends_twice_or_after_its_client_left(self) -> None:
        assert all(count == 1 for job, count in self.ends.items() if count)
        assert not any(self.ends[job] for job in self.deserted)

    @invariant()
    def what_is_open_is_known(self) -> None:
        still = self._open()
        assert all(not job.ended for job in still)
        assert self.jobs.waiting == len([job for job in still if job is not self.taken]) <= MAX_WAITING
        assert self.jobs.clients == {job.client for job in still}

    def teardown(self) -> None:
        while self.taken is not None or self.jobs.waiting:
            self.taken = self.taken or self.jobs.take()
            self.finish()
        assert not self._open(), "a job never ended"


Life.TestCase.settings = settings(max_examples=100, stateful_step_count=60, deadline=None)
TestLife = Life.TestCase


def test_clients_take_turns_and_keep_their_own_order() -> None:
    jobs = Jobs()
    for name in ("a1", "a2", "a3", "b1", "b2", "c1"):
        jobs.add(_job(name[:1].encode(), name))
    order = []
    while job := jobs.take():
        order.append(job.request.id)
        jobs.finish(job)
    assert order == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_a_newer_job_takes_the_place_of_the_one_it_ends() -> None:
    jobs = Jobs()
    jobs.add(_job(b"a", "old", "live"))
    jobs.add(_job(b"a", "other"))
    assert [ending.error.code for ending in jobs.add(_job(b"a", "new", "live"))] == ["superseded"]
    taken = jobs.take()
    assert taken is not None
    assert taken.request.id == "new"


def test_streams_of_different_clients_have_nothing_to_do_with_each_other() -> None:
    jobs = Jobs()
    jobs.add(_job(b"a", "one", "live"))
    assert jobs.add(_job(b"b", "two", "live")) == []


def test_no_client_fills_the_queue_alone() -> None:
    jobs = Jobs()
    for n in range(MAX_WAITING_PER_CLIENT):
        jobs.add(_job(b"a", str(n)))
    with pytest.raises(LinewashError, match="full") as refusal:
        jobs.add(_job(b"a", "more"))
    assert refusal.value.code == "busy"
    jobs.add(_job(b"b", "mine"))


def test_pixels_that_wait_are_bounded_but_one_large_job_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_WAITING_BYTES", 1000)
    jobs = Jobs()
    jobs.add(_job(b"a", "large", nbytes=5000))
    with pytest.raises(LinewashError) as refusal:
        jobs.add(_job(b"b", "small", nbytes=1))
    assert refusal.value.code == "busy"


def test_a_job_lets_go_of_its_pixels_when_it_ends() -> None:
    jobs = Jobs()
    job = _job(b"a", "x", nbytes=10)
    jobs.add(job)
    jobs.cancel(b"a", "x")
    assert job.nbytes == 0
