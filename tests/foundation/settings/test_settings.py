"""The one reader of settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from foundation.settings import Secret, SettingsError, load_settings


def test_defaults_need_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file and without variables everything has its default."""
    monkeypatch.chdir(tmp_path)
    assert load_settings(environ={}).server.port == 7100


def test_the_environment_lies_over_the_file(tmp_path: Path) -> None:
    """A variable wins over the file; paths of the file are relative to it."""
    file = tmp_path / "greenroom.yaml"
    file.write_text("server: {port: 1, host: h}\ndocs: {directory: site}\n")
    settings = load_settings(file, {"GREENROOM_SERVER_PORT": "2", "GREENROOM_HOME": "/x", "HOME": "/y"})
    assert (settings.server.port, settings.server.host) == (2, "h")
    assert settings.docs.directory == tmp_path / "site"


def test_lists_come_from_the_environment_too(tmp_path: Path) -> None:
    """A list is written as YAML."""
    environ = {"GREENROOM_CLUSTERS": "[{name: a, environment: staging, simulated: true}]"}
    [cluster] = load_settings(_empty(tmp_path), environ).clusters
    assert (cluster.name, cluster.simulated) == ("a", True)


def test_a_cluster_has_the_environments_of_its_namespaces(tmp_path: Path) -> None:
    """The first pattern that fits says which; all other namespaces have the cluster's own."""
    file = tmp_path / "greenroom.yaml"
    patterns = '{"shop-staging": preview, "*-staging": staging, "qa": staging}'
    file.write_text(f"clusters: [{{name: a, environment: production, environments: {patterns}}}]")
    [cluster] = load_settings(file, {}).clusters
    assert cluster.all_environments == ("production", "preview", "staging")
    found = {each: cluster.environment_of(each) for each in ("shop", "shop-staging", "cart-staging", "qa", "")}
    expected = ["production", "preview", "staging", "staging", "production"]
    assert list(found.values()) == expected
    assert hash(cluster)


def test_every_wrong_value_is_named_at_once(tmp_path: Path) -> None:
    """One error has all problems, each with its path and what would be right."""
    file = tmp_path / "greenroom.yaml"
    file.write_text("server: {port: x, prt: 1}\ndocs: {publisher: ftp}\nclusters: [{name: a}]\nnope: 1\n")
    with pytest.raises(SettingsError) as caught:
        load_settings(file, {"GREENROOM_NOPE_X": "1", "GREENROOM_GIT": "[", "GREENROOM_CATALOG_FOLDERS": "{"})
    text = str(caught.value)
    for part in ("server.port", "server.prt", "docs.publisher", "clusters[0].environment", "nope", "GREENROOM_NOPE_X"):
        assert part in text
    assert "GREENROOM_GIT: is not YAML" in text
    assert "catalog.folders: is not YAML" in text


@pytest.mark.parametrize("text", ["a: [", "a: !!python/object:x {}", "[" * 20_000, "- 1"])
def test_a_file_that_is_no_settings_is_refused(tmp_path: Path, text: str) -> None:
    """What cannot be parsed is one clear error, never a crash."""
    file = tmp_path / "greenroom.yaml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=r"greenroom\.yaml"):
        load_settings(file, {})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("server: {port: 65536}", "port must be at most 65535"),
        ("server: {workers: 0}", "workers must be at least 1"),
        ("catalog: {poll_seconds: .nan}", "not a number of 0 or more"),
        ("catalog: {poll_seconds: .inf}", "not a number of 0 or more"),
        ("server: {port: '" + "9" * 5000 + "'}", "not a number of 0 or more"),
        ("git: {directory: ~no-such-user/git}", "git.directory: is no path"),
        ('git: {directory: "a\\0b"}', "git.directory: is no path"),
        ("clusters: [{name: a, environment: x}, {name: a, environment: y}]", "twice: a"),
        ("clusters: [{name: a, environment: x, environments: [y]}]", "clusters[0].environments: must be a mapping"),
        ("clusters: [{name: a, environment: x, environments: {y: [z]}}]", "clusters[0].environments.y: has a value of"),
    ],
)
def test_values_that_nothing_can_run_with_are_named(tmp_path: Path, text: str, reason: str) -> None:
    """They are found when the settings are read, and the message stays short."""
    file = tmp_path / "greenroom.yaml"
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_settings(file, {})
    assert reason in str(caught.value)
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("endless", [False, True])
def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, *, endless: bool) -> None:
    """Neither one that says its size nor a device without an end fills the memory."""
    file = Path("/dev/zero") if endless else tmp_path / "large.yaml"
    if not endless:
        file.write_bytes(b"#" * (1024 * 1024 + 1))
    with pytest.raises(SettingsError, match="larger than 1 MiB"):
        load_settings(file, {})


def test_a_missing_file_that_was_named_is_an_error(tmp_path: Path) -> None:
    """A typo in --config must not start a platform on defaults."""
    with pytest.raises(SettingsError, match="absent"):
        load_settings(tmp_path / "absent.yaml", {})


def test_secrets_do_not_show(tmp_path: Path) -> None:
    """A secret prints as stars, in itself and in what holds it."""
    settings = load_settings(_empty(tmp_path), {"GREENROOM_GIT_TOKEN": "canary"})
    assert settings.git.token == Secret("canary")
    assert "canary" not in f"{settings} {settings.git.token!r}"


def _empty(folder: Path) -> Path:
    file = folder / "empty.yaml"
    file.write_text("")
    return file
