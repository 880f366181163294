"""A narrow VGG-16's weights in every form that the published ones come in."""

from __future__ import annotations

import hashlib
import io
import pickle
import pickletools
from collections import OrderedDict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from linewash_daemon.networks.vgg import VGG16

WIDTH = 1 / 32


def narrow(seed: int = 0, last: str = "pool5", width: float = WIDTH) -> VGG16:
    torch.manual_seed(seed)
    return VGG16(width, last=last)


def published(seed: int = 7) -> dict[str, Tensor]:
    """The trunk's tensors, and some of a classifier that nobody asks for."""
    tensors = OrderedDict(narrow(seed).state_dict())
    tensors["classifier.0.weight"] = torch.rand(8, 16)
    return tensors


def as_zip(path: Path, tensors: dict[str, Tensor]) -> Path:
    torch.save(tensors, path)
    return path


def as_stream(path: Path, tensors: dict[str, Tensor]) -> Path:
    torch.save(tensors, path, _use_new_zipfile_serialization=False)
    return path


def as_safetensors(path: Path, tensors: dict[str, Tensor]) -> Path:
    save_file(tensors, path)
    return path


def as_in_2017(path: Path, tensors: dict[str, Tensor]) -> Path:
    """As PyTorch 0.1 wrote it under Python 2: tensors rebuilt by the first function of that name, byte strings for
    texts, and the ordered dict from a list of pairs."""
    facts = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"int": 4}}
    keys = [str(9000 + i) for i in range(len(tensors))]
    parts = [_dumped(0x1950A86A20F9469CFC6C), _dumped(1001), _dumped(facts)]
    parts += [_dumped(_Ordered(zip(tensors, keys, strict=True), tensors)), _dumped(keys)]
    for tensor in tensors.values():
        parts.append(tensor.numel().to_bytes(8, "little") + tensor.numpy().tobytes())
    path.write_bytes(b"".join(parts))
    return path


FORMS = {"a.pth": as_zip, "b.pth": as_stream, "c.pth": as_in_2017, "d.safetensors": as_safetensors}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class _Ordered:
    def __init__(self, keys: Any, tensors: dict[str, Tensor]) -> None:
        self.pairs = [[name, _Kept(key, tensors[name])] for name, key in keys]

    def __reduce__(self) -> Any:
        return OrderedDict, (self.pairs,)


class _Kept:
    def __init__(self, key: str, tensor: Tensor) -> None:
        self.storage = _Floats(("storage", torch.FloatStorage, key, "cpu", tensor.numel(), None))
        self.size, self.stride = tuple(tensor.shape), tensor.stride()

    def __reduce__(self) -> Any:
        return torch._utils._rebuild_tensor, (self.storage, 0, self.size, self.stride)


class _Floats(tuple[Any, ...]):
    pass


class _Pickler(pickle.Pickler):
    def persistent_id(self, value: Any) -> Any:
        return tuple(value) if isinstance(value, _Floats) else None


def _dumped(value: Any) -> bytes:
    out = io.BytesIO()
    _Pickler(out, 2).dump(value)
    return _with_byte_strings(out.getvalue())


def _with_byte_strings(pickled: bytes) -> bytes:
    """Python 2 knew no other texts: BINUNICODE as SHORT_BINSTRING."""
    steps = list(pickletools.genops(pickled))
    ends = [at for _, _, at in steps[1:]] + [len(pickled)]
    out = b""
    for (opcode, argument, at), end in zip(steps, ends, strict=True):
        assert at is not None and end is not None
        if opcode.name == "BINUNICODE":
            assert isinstance(argument, str)
            out += b"U" + bytes([len(argument)]) + argument.encode()
        else:
            out += pickled[at:end]
    return out
