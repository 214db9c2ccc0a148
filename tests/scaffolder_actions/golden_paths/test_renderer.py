"""Rendering a golden path: the same files as the command makes, whatever happens to the worker."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from foundation.golden_path import GoldenPathError, ValuesError
from scaffolder_actions.golden_paths import GoldenPathRenderer, RendererUnavailableError, RenderingError, process

Make = Callable[..., Path]
SERVICE = {"name": "payment-api", "team": "commerce", "description": "Takes payments."}
# Runs for a day, in steps that Jinja's sandbox allows.
ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"


def tree(folder: Path) -> dict[str, tuple[bytes, bool]]:
    """Contents and executable bits of all files."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), bool(path.stat().st_mode & stat.S_IXUSR))
        for path in folder.rglob("*")
        if path.is_file()
    }


def by_command(golden_path: Path, values: Mapping[str, str], folder: Path) -> dict[str, tuple[bytes, bool]]:
    """What the `cookiecutter` command makes of the same values."""
    program = Path(sysconfig.get_path("scripts")) / "cookiecutter"
    chosen = [f"{name}={value}" for name, value in values.items()]
    subprocess.run(
        [program, "--no-input", "--output-dir", folder / "output", golden_path, *chosen],
        env={"HOME": str(folder), "LANG": "C.UTF-8"},
        check=True,
    )
    (project,) = (folder / "output").iterdir()
    return tree(project)


@pytest.fixture
def own_renderer() -> Iterator[GoldenPathRenderer]:
    """A renderer that a test may harm."""
    renderer = GoldenPathRenderer(timeout=20)
    yield renderer
    renderer.stop()


def worker_of(renderer: GoldenPathRenderer) -> process.WorkerProcess:
    assert renderer._worker is not None
    return renderer._worker


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"database": "small", "cache": "large", "system": "checkout"},
        {"name": "null", "description": "Bob's — é 😀: #1"},
    ],
)
def test_makes_the_same_bytes_as_the_command(
    renderer: GoldenPathRenderer, python_service: Path, tmp_path: Path, more: dict[str, str]
) -> None:
    """Every file of the product's golden path, with the same contents and modes."""
    values = {**SERVICE, **more}
    rendered = renderer.render(python_service, values, tmp_path / "into")
    assert rendered.name == values["name"]
    assert list(rendered.files) == sorted(tree(tmp_path / "into"))
    assert tree(tmp_path / "into") == by_command(python_service, values, tmp_path / "command")


def test_makes_the_same_bytes_of_every_kind_of_file(
    renderer: GoldenPathRenderer, make_golden_path: Make, tmp_path: Path
) -> None:
    """Binary files, foreign line ends, names and folders with code, files that are copied, computed defaults."""
    folder = make_golden_path(
        {
            "logo.png": b"\x89PNG\r\n\x1a\n\0\0{{ cookiecutter.name }}",
            "windows.txt": "{{ cookiecutter.name }}\r\nline\r\n",
            "no-end.txt": "{{ cookiecutter.slug }}",
            "{{cookiecutter.slug}}/{{cookiecutter.size}}.txt": "{{ cookiecutter.loud }} {{ cookiecutter.__hidden }}\n",
            "copied/{{cookiecutter.name}}.txt": "{{ cookiecutter.name }}\n",
            "{% if cookiecutter.loud %}loud.txt{% endif %}": "loud\n",
            "list.txt": "{% for each in [1, 2] %}\n{{ each }} {{ 'A b' | slugify }}\n{% endfor %}",
        },
        {
            "name": "abc",
            "slug": "{{ cookiecutter.name | upper }}",
            "size": ["small", "large"],
            "loud": False,
            "__hidden": "{{ cookiecutter.slug }}!",
            "_copy_without_render": ["copied"],
        },
    )
    script = folder / "{{cookiecutter.name}}" / "run.sh"
    script.write_text("echo {{ cookiecutter.name }}\n")
    script.chmod(0o755)
    values = {"name": "xyz", "size": "large"}
    renderer.render(folder, values, tmp_path / "into")
    assert tree(tmp_path / "into") == by_command(folder, values, tmp_path / "command")


def test_leaves_no_trace_of_the_values(
    own_renderer: GoldenPathRenderer, python_service: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No replay file, no configuration read, and nothing on disk after the end."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".cookiecutterrc").write_text("default_context: {team: intruder}\n")
    monkeypatch.setenv("HOME", str(home))
    own_renderer.render(python_service, SERVICE, tmp_path / "into")
    assert [each.name for each in home.iterdir()] == [".cookiecutterrc"]
    assert "commerce" in (tmp_path / "into" / "service.yaml").read_text()
    assert own_renderer._home is not None
    left = Path(own_renderer._home.name)
    assert list(left.iterdir()) == []
    own_renderer.stop()
    assert not left.exists()


def test_the_worker_knows_no_secrets(own_renderer: GoldenPathRenderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the server's environment reaches it."""
    monkeypatch.setenv("GREENROOM_GIT_TOKEN", "canary-4711")
    own_renderer.start()
    command = ["ps", "eww", "-o", "command=", "-p", str(worker_of(own_renderer).pid)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "golden_paths.worker" in shown
    assert "LANG=C.UTF-8" in shown
    assert "canary" not in shown


def test_a_worker_that_was_killed_is_replaced(
    own_renderer: GoldenPathRenderer, python_service: Path, tmp_path: Path
) -> None:
    """The next rendering starts another one and says nothing about it."""
    own_renderer.start()
    first = worker_of(own_renderer)
    os.kill(first.pid, signal.SIGKILL)
    first._process.wait()
    assert own_renderer.render(python_service, SERVICE, tmp_path / "into").files
    assert worker_of(own_renderer).pid != first.pid


def test_a_rendering_without_end_is_ended(make_golden_path: Make, python_service: Path, tmp_path: Path) -> None:
    """By the time limit, with nothing delivered, and the renderer goes on."""
    renderer = GoldenPathRenderer(timeout=0.5)
    try:
        renderer.start()
        with pytest.raises(RenderingError, match="Rendering took longer than"):
            renderer.render(make_golden_path({"x": ENDLESS}), {}, tmp_path / "into")
        assert not (tmp_path / "into").exists()
        renderer._timeout = 20
        assert renderer.render(python_service, SERVICE, tmp_path / "into").files
    finally:
        renderer.stop()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{{ cookiecutter.nothing }}", "Unable to create file 'x': "),
        ("a\n{% if %}", "x:2: Expected an expression"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ ''.__class__.__mro__ }}", "access to attribute '__class__' of 'str' object is unsafe"),
        ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", "is unsafe"),
        ("{{ 'x' * 2000000000 }}", "more memory than rendering may take"),
        ("{{ 'x' * 30000000 }}", "A file cannot be written: File too large"),
        ("{% for a in range(10000000) %}{% endfor %}", "Range too big"),
        ("{% include '/etc/passwd' %}", "/etc/passwd"),
        ("{% include '../../golden-path.yaml' %}", "golden-path.yaml"),
    ],
)
def test_a_template_that_fails_is_named_with_the_reason(
    renderer: GoldenPathRenderer, make_golden_path: Make, tmp_path: Path, content: str, expected: str
) -> None:
    """One sentence without paths of the machine; nothing is delivered, and the worker goes on."""
    renderer.start()
    worker = worker_of(renderer)
    with pytest.raises(RenderingError) as caught:
        renderer.render(make_golden_path({"a.txt": "fine", "x": content}), {}, tmp_path / "into")
    assert expected in caught.value.message
    assert "greenroom-golden-paths" not in caught.value.message
    assert not (tmp_path / "into").exists()
    assert worker_of(renderer) is worker
    assert worker.is_alive()


@pytest.mark.parametrize("value", ["../x", "/tmp/greenroom-intruder", "..", "a/../../../x", "", ".", "a/b"])
def test_a_folder_name_that_leads_out_is_refused(
    renderer: GoldenPathRenderer, make_golden_path: Make, tmp_path: Path, value: str
) -> None:
    """Also where a golden path asks for no pattern; nothing is written anywhere."""
    folder = make_golden_path({"x": "x"}, {"slug": "abc"}, "{{cookiecutter.slug}}")
    with pytest.raises(RenderingError):
        renderer.render(folder, {"slug": value}, tmp_path / "into")
    assert not (tmp_path / "into").exists()
    assert not Path("/tmp/greenroom-intruder").exists()


@pytest.mark.parametrize("value", ["../../../x", "../x", "/tmp/greenroom-intruder"])
def test_a_file_name_that_leads_out_is_refused(
    renderer: GoldenPathRenderer, make_golden_path: Make, tmp_path: Path, value: str
) -> None:
    """Beside the folder of the service is out of it too."""
    folder = make_golden_path({"{{cookiecutter.text}}.txt": "x"})
    with pytest.raises(RenderingError):
        renderer.render(folder, {"text": value}, tmp_path / "into")
    assert not (tmp_path / "into").exists()
    assert not Path("/tmp/greenroom-intruder.txt").exists()


@pytest.mark.parametrize("value", ["{{ 7 * 7 }}", "{% raw %}", "a\0b", "x" * 10_000_000])
def test_values_are_checked_before_the_worker_sees_them(
    renderer: GoldenPathRenderer, make_golden_path: Make, tmp_path: Path, value: str
) -> None:
    """The error names the field."""
    with pytest.raises(ValuesError, match="text: "):
        renderer.render(make_golden_path({"x": "x"}), {"text": value}, tmp_path / "into")


def test_text_that_looks_like_code_elsewhere_stays_as_it_is(
    renderer: GoldenPathRenderer, make_golden_path: Make, tmp_path: Path
) -> None:
    """Only what begins template code is refused."""
    text = "}} %} #} { % $(id) `id` \\ 'x' \"y\" <b> é"
    renderer.render(make_golden_path({"x": "{{ cookiecutter.text }}"}), {"text": text}, tmp_path / "into")
    assert (tmp_path / "into" / "x").read_text() == text


def test_a_folder_that_is_no_golden_path_is_refused(renderer: GoldenPathRenderer, tmp_path: Path) -> None:
    """With every reason."""
    with pytest.raises(GoldenPathError):
        renderer.render(tmp_path, {}, tmp_path / "into")


def test_values_that_are_too_long_together_are_refused(
    renderer: GoldenPathRenderer, make_golden_path: Make, tmp_path: Path
) -> None:
    """A request never blocks on a full pipe."""
    context = {"name": "abc", **{f"text{number}": "" for number in range(40)}}
    values = {f"text{number}": "é" * 1000 for number in range(40)}
    with pytest.raises(RenderingError, match="too long together"):
        renderer.render(make_golden_path({"x": "x"}, context), values, tmp_path / "into")


def test_threads_take_turns(renderer: GoldenPathRenderer, python_service: Path, tmp_path: Path) -> None:
    """Each gets its own files."""

    def render(name: str) -> None:
        renderer.render(python_service, {**SERVICE, "name": name}, tmp_path / name)

    names = [f"service-{number}" for number in range(8)]
    threads = [threading.Thread(target=render, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(f'name: "{name}"' in (tmp_path / name / "service.yaml").read_text() for name in names)


def test_a_worker_that_does_not_start_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what it said, so that an operator can mend it."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RendererUnavailableError, match="the worker does not start"):
        GoldenPathRenderer().start()
