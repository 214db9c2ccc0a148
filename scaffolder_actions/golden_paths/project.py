"""One rendering through cookiecutter the library: what its command does, without what a server must not do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cookiecutter.exceptions import CookiecutterException, UndefinedVariableInTemplate
from cookiecutter.generate import generate_context, generate_files
from cookiecutter.prompt import prompt_for_config
from jinja2 import TemplateError, TemplateSyntaxError

from scaffolder_actions.golden_paths.confinement import ConfinementError

# Characters of a foreign message that are passed on.
_LONGEST_MESSAGE = 300


class ProjectError(Exception):
    """A rendering that failed; the text is for people, and names no path of this machine."""


def render_project(folder: Path, values: Mapping[str, str | bool], output: Path) -> str:
    """Render the cookiecutter in `folder` into `output`, and give the name of the folder that was made there.

    No hooks run, no user configuration is read, no replay file is written. Raises ProjectError.
    """
    try:
        context = generate_context(str(folder / "cookiecutter.json"), extra_context=dict(values))
        context["_cookiecutter"] = {k: v for k, v in context["cookiecutter"].items() if not k.startswith("_")}
        context["cookiecutter"].update(prompt_for_config(context, no_input=True))
        # The command puts paths of its machine here, which belong in no repository.
        context["cookiecutter"].update(_template=folder.name, _output_dir="", _repo_dir="", _checkout=None)
        made = generate_files(
            str(folder), context, output_dir=str(output), accept_hooks=False, keep_project_on_failure=True
        )
    except ConfinementError as error:
        raise ProjectError(str(error)) from error
    except TemplateSyntaxError as error:
        raise ProjectError(f"{error.filename or error.name or 'template'}:{error.lineno}: {error.message}.") from error
    except UndefinedVariableInTemplate as error:
        # Its own text ends with all values.
        raise ProjectError(f"{error.message}: {error.error.message}.") from error
    except (TemplateError, CookiecutterException, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise ProjectError(_short(str(error) or type(error).__name__, output)) from error
    except (MemoryError, RecursionError) as error:
        raise ProjectError("The templates ask for more memory than rendering may take.") from error
    except OSError as error:
        raise ProjectError(f"A file cannot be written: {error.strerror}.") from error
    return Path(made).relative_to(output.resolve()).as_posix()


def _short(message: str, output: Path) -> str:
    text = message.replace(str(output), "").replace(str(output.resolve()), "")
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]}…"
