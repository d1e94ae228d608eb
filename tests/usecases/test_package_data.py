"""Policies and schemas are found in a wheel and in a checkout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from auditor.model.errors import InputError
from auditor.usecases.package_data import data_dir

if TYPE_CHECKING:
    from pathlib import Path


def test_wheel_carries_its_data(tmp_path: Path) -> None:
    """Inside an installed package the data is in ``_data``, whatever lies beside the package."""
    package = tmp_path / "site-packages" / "auditor"
    (package / "_data" / "policies").mkdir(parents=True)
    (tmp_path / "site-packages" / "policies").mkdir()
    (tmp_path / "site-packages" / "pyproject.toml").touch()

    assert data_dir("policies", package=package) == package / "_data" / "policies"


def test_checkout_has_it_beside_pyproject(tmp_path: Path) -> None:
    """In a checkout the data is where it is edited."""
    (tmp_path / "auditor").mkdir()
    (tmp_path / "schemas").mkdir()
    (tmp_path / "pyproject.toml").touch()

    assert data_dir("schemas", package=tmp_path / "auditor") == tmp_path / "schemas"


def test_folder_of_somebody_else_is_not_taken(tmp_path: Path) -> None:
    """A folder called policies beside the installed package is not ours without our ``pyproject.toml``."""
    (tmp_path / "auditor").mkdir()
    (tmp_path / "policies").mkdir()

    with pytest.raises(InputError, match="lacks its folder of policies"):
        data_dir("policies", package=tmp_path / "auditor")


def test_this_checkout(root: Path) -> None:
    """The tests themselves run on the folders that are edited, not on a copy."""
    assert data_dir("policies") == root / "policies"
    assert data_dir("schemas") == root / "schemas"
    assert data_dir("shapes") == root / "shapes"
    assert data_dir("docs") == root / "docs"
    assert data_dir("pipelines") == root / "pipelines"
