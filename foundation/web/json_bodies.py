"""Reads JSON from strangers."""

from __future__ import annotations

import json
import math
from typing import NoReturn, cast

from foundation.errors import InputError
from foundation.jsontypes import Json

# The deepest thing that is meant, a JSON Schema inside an action's input, has under 30 levels.
DEEPEST = 64


def parse_json(raw: bytes) -> Json:
    """The value that `raw` stands for.

    Raises InputError for what is not JSON in UTF-8, and for what is JSON by the letter but breaks what reads it
    later: nesting beyond 64 levels, numbers of thousands of digits, NaN and infinity, NUL and half characters in text.
    """
    try:
        text = raw.decode("utf-8")
        value = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except InputError:
        raise
    except UnicodeDecodeError as error:
        raise InputError(f"The body is not UTF-8: byte {error.start}.", remedy="Send JSON in UTF-8.") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"The body is not JSON: {error.msg} at {place}.", remedy="Send JSON.") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        # Python reads no integer of more than 4,300 digits.
        raise InputError("The body holds a number that is too long.", remedy="Shorten it.") from error
    _check(value, text)
    return cast("Json", value)


def _refuse_constant(constant: str) -> NoReturn:
    raise InputError(f"The body holds {constant}, which is not JSON.", remedy="Use null or a number.")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise InputError("The body holds a number that is too large.", remedy="Use one below 1e308.")
    return number


def _too_deep() -> InputError:
    return InputError(f"The body is nested deeper than {DEEPEST} levels.", remedy="Flatten it.")


def _check(value: object, text: str) -> None:
    # The walk is slow for a large body, and these two say in no time that most need none.
    suspect = "\\u0000" in text or "\\ud" in text.lower()
    if text.count("[") + text.count("{") <= DEEPEST and not suspect:
        return
    level: list[object] = [value]
    for _ in range(DEEPEST + 1):
        below: list[object] = []
        for each in level:
            if isinstance(each, dict):
                below.extend(each.values())
                if suspect:
                    below.extend(each.keys())
            elif isinstance(each, list):
                below.extend(each)
            elif suspect and isinstance(each, str):
                _check_text(each)
        if not below:
            return
        level = below
    raise _too_deep()


def _check_text(text: str) -> None:
    if "\x00" in text:
        raise InputError("The body holds a NUL character.", remedy="Leave it out.")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise InputError("The body holds half of a surrogate pair.", remedy="Send whole characters.") from None
