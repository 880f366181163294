"""*Show regions*: a layer above all others for a while, and gone without a trace."""

from __future__ import annotations

from .studio import Studio, looks


def test_regions_are_shown_above_everything_and_hidden_again(studio: Studio) -> None:
    document = studio.open()
    before = looks(document)
    studio.flow.show_regions(True)
    studio.finish()
    assert studio.flow.view().regions
    overlay = document.root.children_nodes[-1]
    assert overlay.locked() and overlay.opacity() < 255
    assert [row.name for row in studio.look().layers] == ["Lines", "Background"]
    studio.flow.show_regions(False)
    assert not studio.flow.view().regions
    assert looks(document) == before


def test_regions_are_not_left_behind_when_krita_ends(studio: Studio) -> None:
    document = studio.open()
    before = looks(document)
    studio.flow.show_regions(True)
    studio.finish()
    studio.flow.close()
    assert looks(document) == before


def test_regions_shown_again_are_shown_once(studio: Studio) -> None:
    document = studio.open()
    for _ in range(2):
        studio.flow.show_regions(True)
        studio.finish()
    assert len(document.names()) == 3


def test_regions_of_a_document_that_was_closed_are_no_trouble(studio: Studio) -> None:
    document = studio.open()
    studio.flow.show_regions(True)
    studio.finish()
    studio.close(document)
    studio.flow.show_regions(False)
    assert not studio.flow.view().regions
    assert studio.code in ("", "no_document")


def test_the_artist_may_delete_the_regions(studio: Studio) -> None:
    document = studio.open()
    before = looks(document)
    studio.flow.show_regions(True)
    studio.finish()
    document.root.children_nodes[-1].remove()
    studio.look()
    studio.flow.show_regions(False)
    assert looks(document) == before and studio.code == ""
