"""Reading a golden path: its fields, its version, and why a folder is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from foundation.golden_path import GoldenPathError, golden_path_folders, load_golden_path

Make = Callable[..., Path]


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(GoldenPathError) as caught:
        load_golden_path(folder)
    return [str(problem) for problem in caught.value.problems]


def test_fields_come_from_cookiecutter_with_what_the_description_adds(make_golden_path: Make) -> None:
    """Texts, choices and booleans in their order; private keys are no fields; a computed default is none."""
    golden_path = load_golden_path(make_golden_path())
    assert (golden_path.name, golden_path.title, golden_path.owner) == ("small", "Small", "platform")
    assert (golden_path.type, golden_path.duration_minutes) == ("service", 5)
    assert [(each.name, each.kind, each.default) for each in golden_path.fields] == [
        ("name", "string", None),
        ("greeting", "string", "Hello"),
        ("slug", "string", None),
        ("size", "choice", "small"),
        ("loud", "boolean", False),
    ]
    name, size = golden_path.field("name"), golden_path.field("size")
    assert name is not None
    assert (name.required, name.pattern, name.examples) == (True, "^(?:[a-z]+)$", ("abc",))
    assert size is not None
    assert (size.description, size.choices, size.choice_titles) == (
        "How large",
        ("small", "large"),
        {"small": "S", "large": "L"},
    )


def test_the_version_follows_every_file(make_golden_path: Make) -> None:
    """Contents, names and executable bits change it; reading again does not."""
    folder = make_golden_path(files={"{{cookiecutter.name}}/run.sh": "echo"})
    versions = [load_golden_path(folder).version, load_golden_path(folder).version]
    assert versions[0] == versions[1]
    script = folder / "{{cookiecutter.name}}/run.sh"
    for change in (
        lambda: script.chmod(0o755),
        lambda: script.write_text("echo 1"),
        lambda: script.rename(script.with_name("go.sh")),
    ):
        change()
        versions.append(load_golden_path(folder).version)
    assert len(set(versions)) == 4


def test_finds_the_folders_that_offer_one(make_golden_path: Make) -> None:
    """Only those with a golden-path.yaml, by name."""
    folder = make_golden_path()
    (folder.parent / "other").mkdir()
    assert golden_path_folders(folder.parent) == [folder]


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ([], "small/cookiecutter.json:1:1: not an object of fields."),
        ({"name": "a", "_extensions": ["x.Y"]}, "_extensions has no effect or runs code of its own."),
        ({"name": "a", "templates": {}}, "nested templates are not offered."),
        ({"name": "a", "nested": {"b": "c"}}, "nested: a form has no nested fields."),
        ({"name": "a", "size": []}, "size: a choice of nothing."),
        (
            {"name": "a", "_jinja2_env_vars": {"variable_start_string": "<<"}},
            "variable_start_string cannot be changed.",
        ),
    ],
)
def test_refuses_what_does_not_work_here(make_golden_path: Make, context: object, expected: str) -> None:
    """Settings that run code or change what template code looks like, and forms that cannot be shown."""
    assert any(expected in line for line in problems_of(make_golden_path(context=context)))


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("", "small/golden-path.yaml:1:1: the document is empty."),
        ("title: a\nowner: b\n", "small/golden-path.yaml:1:1: description is missing."),
        ("titel: a\ntitle: a\ndescription: b\nowner: c\n", '1:1: "titel" is not a field. Did you mean "title"?'),
        (
            "title: a\ndescription: b\nowner: c\nfields: {nam: {}}\n",
            '4:10: "nam" is not a field of cookiecutter.json. Did you mean "name"?',
        ),
        ("title: a\ndescription: b\nowner: c\nfields: {name: {pattern: '('}}\n", "4:26: not a regular expression:"),
        (
            "title: a\ndescription: b\nowner: c\nfields: {name: {pattern: x, examples: [y]}}\n",
            '4:40: "y" does not match the pattern.',
        ),
    ],
)
def test_names_what_is_wrong_in_the_description(make_golden_path: Make, description: str, expected: str) -> None:
    """With line and column."""
    assert any(expected in line for line in problems_of(make_golden_path(description=description)))


def test_refuses_links_hooks_and_folders_without_one_template(make_golden_path: Make) -> None:
    """A link could lead anywhere, a hook would run, and of two templates one would be left out."""
    folder = make_golden_path(files={"hooks/post_gen_project.py": "", "{{cookiecutter.slug}}/x": ""})
    (folder / "{{cookiecutter.name}}" / "link").symlink_to("/etc")
    found = problems_of(folder)
    assert (
        "small/{{cookiecutter.name}}/link: is a link or a device, which could lead anywhere. Put a file there." in found
    )
    assert "small/hooks: hooks are never run. Do in the template what they do." in found
    assert any("several folders to render" in line for line in found)


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    """By the files that are missing."""
    assert problems_of(tmp_path / "none") == [
        "none/golden-path.yaml: cannot be read: No such file or directory. Add the file.",
        "none/cookiecutter.json: cannot be read: No such file or directory. Add the file.",
    ]
