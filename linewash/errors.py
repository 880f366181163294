"""Everything that can go wrong, as one tree of exceptions with stable codes.

    LinewashError
    ├── BadInput           the picture, the hints or an option can't be used as they are
    ├── DaemonError        the daemon can't be reached, started or trusted
    │   ├── DaemonGone     it was there and went away in the middle of a job
    │   └── WrongProtocol  it speaks another version of the protocol
    ├── ModelError         a style is missing, damaged or not one of ours
    ├── OutOfMemory        the job was planned and does not fit
    ├── Cancelled          the job was cancelled, by its owner or by a newer job of its stream
    ├── TimedOut           no answer in the time allowed
    ├── ProtocolError      a message breaks the contract
    └── InternalError      a fault of ours; the log holds the details

Every error has a ``code`` (stable, for scripts), a ``sentence`` for a person (what happened and why) and
a ``remedy`` (what to do next). `from_code` turns what came over the wire back into the class it left as.
"""

from __future__ import annotations


class LinewashError(Exception):
    """Base of all errors of Linewash; ``str(error)`` is the sentence followed by the remedy."""

    default_code = "error"

    def __init__(self, sentence: str, remedy: str = "", code: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy
        self.code = code or self.default_code

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}".strip()


class BadInput(LinewashError):
    default_code = "bad_input"


class DaemonError(LinewashError):
    default_code = "daemon_unreachable"


class DaemonGone(DaemonError):
    default_code = "daemon_gone"


class WrongProtocol(DaemonError):
    default_code = "wrong_protocol"


class ModelError(LinewashError):
    default_code = "model_unusable"


class OutOfMemory(LinewashError):
    default_code = "out_of_memory"


class Cancelled(LinewashError):
    default_code = "cancelled"


class TimedOut(LinewashError):
    default_code = "timed_out"


class ProtocolError(LinewashError):
    default_code = "bad_message"


class InternalError(LinewashError):
    default_code = "internal"


#: Every code that the daemon may send, and the class it becomes in the client. Codes are never reused or renamed.
CODES: dict[str, type[LinewashError]] = {
    "bad_input": BadInput,  # anything about the pictures that has no code of its own
    "bad_size": BadInput,  # a side under 16 px or over 16,384 px
    "size_mismatch": BadInput,  # hints are not of the size of the line art
    "bad_option": BadInput,  # an option out of its range
    "lineart_unknown": BadInput,  # only a hash came and the daemon holds no such line art: send the pixels
    "no_such_file": BadInput,
    "not_an_image": BadInput,
    "unsupported_image": BadInput,  # a picture, but of a format that is not read
    "truncated_image": BadInput,
    "image_too_large": BadInput,
    "output_exists": BadInput,
    "output_unwritable": BadInput,
    "daemon_unreachable": DaemonError,
    "daemon_not_started": DaemonError,
    "daemon_refused": DaemonError,  # wrong token
    "connection_file_foreign": DaemonError,  # owned by another user, or readable by others
    "connection_file_damaged": DaemonError,
    "daemon_gone": DaemonGone,
    "wrong_protocol": WrongProtocol,
    "no_such_model": ModelError,
    "model_unusable": ModelError,
    "torch_missing": ModelError,
    "out_of_memory": OutOfMemory,
    "cancelled": Cancelled,  # by a cancel request
    "superseded": Cancelled,  # a newer job of the same stream took its place
    "stopping": Cancelled,  # the daemon is shutting down
    "timed_out": TimedOut,
    "bad_message": ProtocolError,
    "unknown_op": ProtocolError,
    "busy": ProtocolError,  # the queue is full
    "internal": InternalError,
}


def from_code(code: str, sentence: str, remedy: str = "") -> LinewashError:
    """The error a code stands for; an unknown code (a newer daemon) becomes a plain `LinewashError`."""
    return CODES.get(code, LinewashError)(sentence, remedy, code)
