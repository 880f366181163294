"""The published VGG-16 comes from the usual files, and nothing else comes from any file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from linewash.errors import BadInput
from linewash_training.pth import NoWeights, read_pth
from linewash_training.vgg16 import PUBLISHED, load_trunk
from tests.training.vgg_files import FORMS, as_in_2017, as_safetensors, as_stream, as_zip, narrow, published, sha256

Form = Callable[[Path, dict[str, Tensor]], Path]
FROM = "https://example.org/vgg16"


@pytest.mark.parametrize("name", FORMS)
def test_every_usual_file_fills_the_trunk(name: str, tmp_path: Path) -> None:
    path, trunk = FORMS[name](tmp_path / name, published()), narrow()
    load_trunk(path, trunk, {sha256(path): FROM})
    want = narrow(7).state_dict()
    assert all(torch.equal(tensor, want[key]) for key, tensor in trunk.state_dict().items())


@pytest.mark.parametrize("name", FORMS)
def test_a_trunk_that_is_cut_takes_what_it_has(name: str, tmp_path: Path) -> None:
    path, trunk = FORMS[name](tmp_path / name, published()), narrow(last="conv5_1")
    load_trunk(path, trunk, {sha256(path): FROM})
    assert torch.equal(trunk.features[24].weight, narrow(7).features[24].weight)  # type: ignore[arg-type]


def test_tensors_that_share_a_storage_or_lie_crosswise_in_it_come_right(tmp_path: Path) -> None:
    whole = torch.rand(4, 6)
    tensors = {"upper": whole[:2], "turned": whole.T, "column": whole[:, 3]}
    for form in (as_zip, as_stream):
        found = read_pth(form(tmp_path / "views.pth", tensors), tensors.keys())
        assert all(torch.equal(found[name], tensors[name]) for name in tensors)


def test_a_file_of_parameters_is_not_taken_for_one_of_tensors(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "p.pth", {"a": nn.Parameter(torch.ones(2))})
    with pytest.raises(NoWeights, match=r"torch\._utils\._rebuild_parameter"):
        read_pth(path, ["a"])


def refusal(path: Path, trunk: nn.Module | None = None, known: dict[str, str] | None = None) -> BadInput:
    own = trunk or narrow()
    before = {key: tensor.clone() for key, tensor in own.state_dict().items()}
    with pytest.raises(BadInput) as caught:
        load_trunk(path, own, {"0" * 64: FROM} if known is None else known)
    assert all(torch.equal(tensor, before[key]) for key, tensor in own.state_dict().items())
    return caught.value


@pytest.mark.parametrize("name", FORMS)
def test_a_file_of_another_hash_is_refused_and_the_right_one_s_place_is_told(name: str, tmp_path: Path) -> None:
    path = FORMS[name](tmp_path / name, published())
    error = refusal(path)
    assert sha256(path) in error.sentence
    assert FROM in error.remedy and "VGG16_Weights.IMAGENET1K_V1" in error.remedy


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("kept", [0.99, 0.5, 0.01])
def test_a_file_that_is_cut_short_is_called_so(name: str, kept: float, tmp_path: Path) -> None:
    path = FORMS[name](tmp_path / name, published())
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    sentence = refusal(path).sentence
    assert "cut short" in sentence or "whole" in sentence


@pytest.mark.parametrize("form", [as_zip, as_stream, as_in_2017, as_safetensors])
def test_another_network_is_called_so(form: Form, tmp_path: Path) -> None:
    other = {"features.0.weight": torch.rand(2, 3, 3, 3), "features.0.bias": torch.rand(2)}
    assert "holds another network" in refusal(form(tmp_path / "vgg11.pth", other)).sentence


def test_a_network_of_other_proportions_is_another_one(tmp_path: Path) -> None:
    tensors = published()
    tensors["features.28.bias"] = torch.rand(99)
    assert "holds another network" in refusal(as_zip(tmp_path / "fat.pth", tensors)).sentence


def test_a_trunk_of_another_width_is_told_which_one_fits(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "vgg.pth", published())
    error = refusal(path, narrow(width=1 / 16), {sha256(path): FROM})
    assert "width = 1.0" in error.remedy


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    error = refusal(tmp_path / "vgg16.pth")
    assert error.code == "no_such_file" and FROM in error.remedy


@pytest.mark.parametrize("content", [b"", b"\x89PNG", b"<html>404</html>", b"PK\x03\x04", b"x" * 4096])
def test_something_else_altogether_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "vgg16.pth"
    path.write_bytes(content)
    assert "is not the published VGG-16" in refusal(path).sentence


class Payload:
    def __reduce__(self) -> Any:
        return os.mkdir, ("unpickled",)


@pytest.mark.parametrize("form", [as_zip, as_stream])
def test_code_in_a_file_is_not_run_even_if_its_hash_is_known(
    form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tensors: Any = published() | {"more": Payload()}
    path = form(tmp_path / "evil.pth", tensors)
    sentence = refusal(path, known={sha256(path): FROM}).sentence
    assert "mkdir, which weights do not need" in sentence
    assert not (tmp_path / "unpickled").exists()


@pytest.mark.parametrize("value", [{1, 2}, 3 + 4j, bytearray(b"x"), Path("x")])
def test_what_no_weights_hold_is_refused(value: object, tmp_path: Path) -> None:
    tensors: Any = {"a": torch.ones(1), "b": value}
    with pytest.raises(NoWeights):
        read_pth(as_zip(tmp_path / "odd.pth", tensors), ["a"])


def test_other_numbers_than_float32_are_refused(tmp_path: Path) -> None:
    for dtype in (torch.float64, torch.int64, torch.float16):
        with pytest.raises(NoWeights):
            read_pth(as_zip(tmp_path / "wide.pth", {"a": torch.ones(3, dtype=dtype)}), ["a"])


def test_a_tensor_may_not_reach_beyond_its_storage(tmp_path: Path) -> None:
    path = as_stream(tmp_path / "far.pth", {"a": torch.zeros(5)})
    data = path.read_bytes()
    size = b"K\x05\x85"  # BININT1 5, TUPLE1
    assert data.count(size) == 1
    path.write_bytes(data.replace(size, b"K\x06\x85"))
    with pytest.raises(NoWeights, match="beyond its storage"):
        read_pth(path, ["a"])


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("originals")
    tensors = {"a": torch.arange(4.0), "b": torch.ones(2, 2)}
    return [form(folder / "x.pth", tensors).read_bytes() for form in (as_zip, as_stream, as_in_2017)]


@settings(max_examples=300)
@given(data=st.data())
def test_a_damaged_file_gives_tensors_or_the_reason_why_not(
    originals: list[bytes], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(data.draw(st.sampled_from(originals)))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.pth"
    path.write_bytes(content)
    try:
        found = read_pth(path, ["a", "b"])
    except NoWeights as reason:
        assert str(reason)
    else:
        assert all(tensor.dtype == torch.float32 for tensor in found.values())


def test_the_published_files_are_named_by_whole_hashes() -> None:
    assert all(len(bytes.fromhex(digest)) == 32 for digest in PUBLISHED)
    (pth,) = [digest for digest, place in PUBLISHED.items() if place.endswith(".pth")]
    assert PUBLISHED[pth].endswith(f"vgg16-{pth[:8]}.pth")  # torchvision names its files by their hash
