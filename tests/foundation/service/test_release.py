"""Releases of the platform's decisions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from foundation.service import ReleaseError, find_release, releases
from foundation.service.release import DEFAULT_ENVIRONMENT
from foundation.settings import PlatformSettings
from tests.foundation.service.reading import problems_of, read, with_spec

CARRIED = Path(__file__).parents[3] / "foundation" / "service" / "releases"


@pytest.fixture
def own(tmp_path: Path) -> PlatformSettings:
    """A platform with two releases of its own; the newer one has a size and an environment more."""
    older = yaml.safe_load((CARRIED / "2026.10.yaml").read_text()) | {"release": "acme-1"}
    newer = older | {"release": "acme-2", "date": "2026-11-20", "cpu": older["cpu"] | {"huge": "8"}}
    newer["environments"] = older["environments"] | {"load": older["environments"]["production"]}
    for data in (older, newer):
        (tmp_path / f"{data['release']}.yaml").write_text(json.dumps(data))
    return PlatformSettings(releases=tmp_path)


@pytest.mark.parametrize("name", list(releases()))
def test_a_release_is_whole(name: str) -> None:
    """Defaults are among the versions and not past their end; sizes grow; every environment has something to fall to."""
    release = find_release(name)
    assert f"{release.name}.yaml" in {each.name for each in CARRIED.iterdir()}
    for engine in release.engines.values():
        assert engine.versions[engine.default].ends > release.date
        storage = [size.storage or 0 for size in engine.sizes.values()]
        assert storage == sorted(storage)
    assert DEFAULT_ENVIRONMENT in release.environments
    assert release.in_environment("somewhere") == release.environments[DEFAULT_ENVIRONMENT]
    assert release.in_environment("production").several_zones


def test_the_newest_is_what_a_document_gets_that_names_none() -> None:
    """The last by date."""
    assert find_release(None).date == max(each.date for each in releases().values())


def test_a_platform_team_s_own_releases_stand_in_place_of_ours(own: PlatformSettings) -> None:
    """Sizes, and the names that documents may use, come from there."""
    assert list(releases(own)) == ["acme-1", "acme-2"]
    assert read(with_spec(resources={"cpu": "huge"}), own).resources.cpu == "huge"
    assert find_release(None, own).in_environment("load").several_zones
    assert any('"huge" is not a size' in line for line in problems_of(with_spec(resources={"cpu": "huge"})))


def test_a_size_of_another_release_is_not_this_one_s(own: PlatformSettings) -> None:
    """A pinned document is judged by its own release."""
    found = problems_of(with_spec(platform="acme-1", resources={"cpu": "huge"}), own)
    assert len(found) == 1
    assert 'resources.cpu: release acme-1 has no size "huge". Choose one of xsmall, small' in found[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the document is empty"),
        ("release: 1", "release: 1 is not a release's name in quotes. Put it in quotes if text is meant."),
        ("release: '1'\ncpus: {}", '"cpus" is not a field. Did you mean "cpu"?'),
        ("cpu: {large: '1'}", "cpu: small is missing. Add it, for example `small: 250m`."),
        ("a: &b 1", "anchors"),
    ],
)
def test_a_wrong_release_says_where(text: str, expected: str, tmp_path: Path) -> None:
    """Whoever edits a release gets the place and what to do."""
    (tmp_path / "1.yaml").write_text(text)
    with pytest.raises(ReleaseError) as caught:
        releases(PlatformSettings(releases=tmp_path))
    assert expected in str(caught.value)


def test_a_folder_without_releases_is_said(tmp_path: Path) -> None:
    """No guess in place of the platform team's decision."""
    with pytest.raises(ReleaseError, match="holds no release"):
        releases(PlatformSettings(releases=tmp_path))


def test_an_unknown_release_names_a_close_one() -> None:
    """A slip of the pen."""
    with pytest.raises(ReleaseError, match=r'Did you mean "2026\.11"'):
        find_release("2026.111")


def test_a_default_must_be_a_version(own: PlatformSettings) -> None:
    """Or every database without a version would have none."""
    assert own.releases
    file = own.releases / "acme-2.yaml"
    data = json.loads(file.read_text())
    data["redis"]["default"] = "7.2"
    file.write_text(json.dumps(data))
    with pytest.raises(ReleaseError, match=r'redis\.default: there is no version "7\.2"\. Did you mean "7\.1"'):
        releases(own)
