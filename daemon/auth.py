"""Who may talk to the daemon: whoever knows the token, checked in the ZMTP handshake before any message is read.

libzmq asks over ZAP (ZeroMQ RFC 27) about every peer that begins the PLAIN handshake; `Gate` answers.
"""

from __future__ import annotations

import contextlib
import hmac
import logging
import secrets
import time

import zmq

from linewash.connection import USER

log = logging.getLogger(__name__)

DOMAIN = b"linewash"
_ADDRESS = "inproc://zeromq.zap.01"
_VERSION = b"1.0"
_QUIET = 60.0  # seconds between two lines of the log about refused peers


def make_token() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


class Gate:
    """The ZAP handler of one context. Bind it before the socket that it guards; answer while that one is polled."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], token: str) -> None:
        self._token = token.encode()
        self._quiet_until = 0.0
        self.socket = context.socket(zmq.REP)
        self.socket.linger = 0
        self.socket.bind(_ADDRESS)

    def answer(self) -> None:
        """Answer every peer that waits at the gate."""
        with contextlib.suppress(zmq.Again):
            while True:
                question = self.socket.recv_multipart(zmq.NOBLOCK)
                request = question[1] if len(question) > 1 else b""
                verdict = [b"200", b"OK", USER.encode()] if self._opens_to(question) else [b"400", b"Wrong token", b""]
                self.socket.send_multipart([_VERSION, request, *verdict, b""])

    def _opens_to(self, question: list[bytes]) -> bool:
        if len(question) != 8:
            return False  # another mechanism than PLAIN
        version, _, domain, _, _, mechanism, user, password = question
        known = version == _VERSION and domain == DOMAIN and mechanism == b"PLAIN" and user == USER.encode()
        # Compared in constant time, so that an answer's delay tells nothing about the token.
        opens = hmac.compare_digest(password, self._token) and known
        if not opens:
            self._note_refusal()
        return opens

    def _note_refusal(self) -> None:
        if time.monotonic() >= self._quiet_until:  # libzmq's clients try again ten times a second, for ever
            log.warning("A peer with a wrong token was refused.")
            self._quiet_until = time.monotonic() + _QUIET

    def close(self) -> None:
        self.socket.close(0)
