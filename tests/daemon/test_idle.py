"""An idle daemon unloads once, then leaves; 0 means never."""

from __future__ import annotations

from linewash_daemon.idle import Idle


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_unloads_once_for_each_idle_time() -> None:
    clock = Clock()
    idle = Idle(10, 100, clock)
    clock.now = 9
    assert not idle.should_unload()
    clock.now = 10
    assert idle.should_unload()
    assert not idle.should_unload()
    idle.touch()
    clock.now = 20
    assert idle.should_unload()


def test_every_request_puts_the_exit_off() -> None:
    clock = Clock()
    idle = Idle(0, 100, clock)
    clock.now = 99
    idle.touch()
    clock.now = 198
    assert not idle.should_exit()
    clock.now = 199
    assert idle.should_exit()


def test_zero_means_never() -> None:
    clock = Clock()
    idle = Idle(0, 0, clock)
    clock.now = 1e9
    assert not idle.should_unload()
    assert not idle.should_exit()
    assert idle.remaining() is None


def test_the_loop_is_told_how_long_it_may_sleep() -> None:
    clock = Clock()
    idle = Idle(10, 100, clock)
    assert idle.remaining() == 10
    clock.now = 10
    idle.should_unload()
    assert idle.remaining() == 90
    clock.now = 500
    assert idle.remaining() == 0
