"""
Which control does a new policy decide, as far as a catalogue tells?

Asked are the catalogue in the folder of the pack, and those that come with the program. Of the controls of any
other framework nothing is known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.model.errors import ErrorGroup, UsageProblem, did_you_mean
from auditor.usecases.read_catalogues import read_catalogues, with_packaged
from auditor.usecases.read_policies import named_folder

if TYPE_CHECKING:
    from pathlib import Path

    from auditor.model.catalogue import Catalogue, Control


def controls_of_pack(pack: Path) -> dict[str, str]:
    """Return what the controls of a pack's framework demand, in a sentence, by id."""
    return {
        one.id: f"{' '.join(one.rule.split()).partition('. ')[0].removesuffix('.')}."
        for catalogue in _catalogues(pack)
        if catalogue.pack == pack.name
        for one in catalogue.controls
    }


def find_control(pack: Path, control: str) -> Control | None:
    """
    Return a control; None for one of a framework without a catalogue.

    Raises:
        UsageProblem: There is a catalogue of its framework, and it is not in it.
        ErrorGroup: The catalogue of the pack is broken.
    """
    for catalogue in _catalogues(pack):
        known = {one.id: one for one in catalogue.controls}
        if control in known:
            return known[control]
        if control.startswith(catalogue.prefix):
            msg = f"--control: the catalogue of {catalogue.framework} has no '{control}'"
            raise UsageProblem(msg, hint=did_you_mean(control, known))
    return None


def _catalogues(pack: Path) -> list[Catalogue]:
    own = read_catalogues([named_folder(str(pack))])
    if own.errors or own.unread:
        raise ErrorGroup([*own.errors, *own.unread])
    return with_packaged(own.catalogues)
