"""The list of prices: as Greenroom carries it, and as a platform team has it."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

import pytest

from foundation.service import ReleaseError, releases
from foundation.service.prices import prices
from foundation.settings import PlatformSettings


def test_every_size_has_its_price() -> None:
    """Whatever instance a release offers, its price is known."""
    known = prices(PlatformSettings())
    offered = {
        size.instance_class
        for release in releases().values()
        for engine in release.engines.values()
        for size in engine.sizes.values()
    }
    assert offered <= set(known.hour)
    assert {"gp3"} <= set(known.storage)


def test_a_larger_size_costs_more() -> None:
    """In the order in which a release names them."""
    known = prices(PlatformSettings())
    for release in releases().values():
        for engine in release.engines.values():
            costs = [known.hour[size.instance_class] for size in engine.sizes.values()]
            assert costs == sorted(costs)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A platform team's own releases."""
    folder = tmp_path / "releases"
    shutil.copytree(Path(str(resources.files("foundation.service"))) / "releases", folder)
    return folder


def test_prices_of_ones_own(folder: Path) -> None:
    """They lie beside the releases, of which they are none; without them, those that are carried count."""
    settings = PlatformSettings(releases=folder)
    assert prices(settings) == prices(PlatformSettings())
    text = 'region: eu-north-1\ndate: "2027-01-01"\ncurrency: SEK\nhour: {}\nstorage: {}\nsecret: 4\n'
    (folder / "prices.yaml").write_text(text)
    assert (prices(settings).currency, prices(settings).secret) == ("SEK", 4)
    assert list(releases(settings)) == list(releases())


def test_wrong_prices(folder: Path) -> None:
    """What is wrong is named with its place."""
    (folder / "prices.yaml").write_text("region: eu-north-1\nhour: {db.t4g.small: cheap}\n")
    with pytest.raises(ReleaseError, match="holds no prices") as raised:
        prices(PlatformSettings(releases=folder))
    assert any('hour.db.t4g.small: "cheap" is not a price' in each.message for each in raised.value.problems)
