from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from foundation.health import Status, Verdict
from foundation.health.kinds import GroupKind
from foundation.health.rulebook import load_rulebook
from foundation.health.scripts import load_scripts
from foundation.health.table import RulesError
from tests.foundation.health.objects import NOW, Item

_READY = """
local hs = {}
if obj.status ~= nil and obj.status.conditions ~= nil then
  for i, condition in ipairs(obj.status.conditions) do
    if condition.type == "Ready" and condition.status == "True" then
      hs.status = "Healthy"
      hs.message = condition.message
      return hs
    end
  end
end
hs.status = "Progressing"
hs.message = "Waiting"
return hs
"""


def script(tmp_path: Path, source: str, group: str = "example.com", kind: str = "Widget") -> Path:
    folder = tmp_path / "resource_customizations" / group / kind
    folder.mkdir(parents=True)
    (folder / "health.lua").write_text(source)
    return tmp_path / "resource_customizations"


def judged(place: Path, item: Item | None = None, api_version: str = "example.com/v1") -> Verdict:
    return load_rulebook(scripts=place).judge({"apiVersion": api_version, "kind": "Widget", **(item or {})}, NOW)


def test_a_script_sees_the_object_and_says_how_it_is(tmp_path: Path) -> None:
    place = script(tmp_path, _READY)
    ready = {"status": {"conditions": [{"type": "Other"}, {"type": "Ready", "status": "True", "message": "fine"}]}}
    assert judged(place, ready) == Verdict(Status.HEALTHY, "fine")
    assert judged(place).status is Status.PROGRESSING


def test_a_script_may_leap(tmp_path: Path) -> None:
    """Some of Argo CD's use `goto`, which Lua has since 5.2, beside functions that went with 5.1."""
    source = """
    for i, each in ipairs({1, 2, 3}) do
      if each < 3 then goto continue end
      do return {status = "Healthy", message = tostring(math.pow(unpack({each, 2})))} end
      ::continue::
    end
    """
    assert judged(script(tmp_path, source)).message == "9"


def test_an_underscore_in_a_folder_stands_for_any_name(tmp_path: Path) -> None:
    place = script(tmp_path, 'return {status = "Healthy", message = obj.kind}', "_.example.com", "_")
    assert judged(place, api_version="a.example.com/v1").message == "Widget"


def test_the_scripts_of_a_config_map_are_read_in_both_forms(tmp_path: Path) -> None:
    file = tmp_path / "argocd-cm.yaml"
    file.write_text(
        "apiVersion: v1\nkind: ConfigMap\ndata:\n"
        "  resource.customizations.health.example.com_Widget: |\n    return {status = 'Healthy', message = 'new'}\n"
        "  resource.customizations: |\n    old.example.com/Widget:\n      health.lua: |\n"
        "        return {status = 'Degraded', message = 'old'}\n"
    )
    assert judged(file).message == "new"
    assert judged(file, api_version="old.example.com/v1") == Verdict(Status.DEGRADED, "old", "Degraded")


def test_a_script_in_a_folder_without_a_group_is_for_a_kind_of_the_core(tmp_path: Path) -> None:
    folder = tmp_path / "resource_customizations" / "Pod"
    folder.mkdir(parents=True)
    (folder / "health.lua").write_text("return {}")
    assert list(load_scripts(folder.parent)) == [GroupKind("", "Pod")]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("while true do end", "it takes too long"),
        ("while true do pcall(function() while true do end end) end", "it takes too long"),
        ("local b = ('x'):rep(4e6) for i = 1, 1e6 do local c = b .. i end", "it takes too long"),
        ("return {status = ('a'):rep(30):find(('a-'):rep(30) .. 'b')}", "it takes too long"),
        ("return {status = ('a'):rep(3000):match('(.*)(.*)(.*)b')}", "it takes too long"),
        ("return {status = ('x'):rep(1e9)}", "memory"),
        ("return {status = ('').rep('', 2e9)}", "no status"),
        ("return {status = ('x'):rep(4e6):find(('x'):rep(2e6) .. 'y')}", "too long a text"),
        ("return {status = os.date(('%c'):rep(1e6))}", "too long a format"),
        ("local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end", ""),
        ("return {status = 'Great'}", "no status"),
        ("return {status = string.char(255)}", "no text"),
        ("return nil", "says nothing"),
        ("error('no luck')", "line 1: no luck"),
        ("return obj.status.conditions[1].type", "nil value"),
    ],
)
def test_a_script_that_misbehaves_leaves_its_object_unknown(tmp_path: Path, source: str, said: str) -> None:
    verdict = judged(script(tmp_path, source))
    assert verdict.status is Status.UNKNOWN
    assert said in verdict.message
    assert "Widget" in verdict.message


@pytest.mark.parametrize(
    "name",
    [
        *("io", "require", "package", "debug", "load", "loadstring", "dofile", "loadfile", "python", "module"),
        *("getfenv", "setfenv", "newproxy", "collectgarbage", "coroutine", "os.execute", "os.getenv", "string.dump"),
        # Finalizers and lengths of one's own run where nothing counts.
        *("setmetatable", "getmetatable", "('').dump"),
    ],
)
def test_a_script_has_no_way_out(tmp_path: Path, name: str) -> None:
    place = script(tmp_path, f"if {name} == nil then return {{status = 'Healthy', message = 'shut'}} end")
    assert judged(place).message == "shut"


_SPOILING = """
local found = tostring(io) .. tostring(seen) .. tostring(string.seen) .. tostring(("").seen)
seen, string.seen, math.floor = 1, 1, nil
string.gmatch = function() return function() return "io" end end
return {status = "Healthy", message = found}
"""


def test_one_call_leaves_nothing_to_the_next(tmp_path: Path) -> None:
    """Neither names nor other functions in the place of ours, which the next call would run without bounds."""
    rule = load_scripts(script(tmp_path, _SPOILING))[GroupKind("example.com", "Widget")]
    assert [rule.judge({"kind": "Widget"}, NOW).message for _ in range(3)] == ["nilnilnilnil"] * 3


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (None, "nil"),
        (3, "3"),
        (10**400, "inf"),
        ("\ud800", "?"),
        ("naïve", "naïve"),
        (object(), "nil"),
    ],
)
def test_a_script_sees_whatever_an_object_holds(tmp_path: Path, value: Any, seen: str) -> None:
    place = script(tmp_path, "return {status = 'Healthy', message = tostring(obj.value)}")
    assert judged(place, {"value": value}).message == seen


def test_what_is_null_takes_no_place_in_a_list(tmp_path: Path) -> None:
    """As in Argo CD."""
    place = script(tmp_path, "return {status = 'Healthy', message = #obj.list .. obj.list[2]}")
    assert judged(place, {"list": [1, None, "b"]}).message == "2b"


_PATTERNS = """
local s = obj.text
local words = {}
for word in s:gmatch("(%w+)%s*,?%s*") do words[#words + 1] = word end
local first, last = s:match("^(%w+).-(%w+)%.*%s*$")
local changed, count = s:gsub("(%w+)(%s*),", "<%1>%2", 2)
local from, to = s:find("[b-d]+e?%f[%W]")
return {status = "Healthy", message = table.concat({#words, first, last, changed:sub(1, 16), count, from, to}, " ")}
"""


@pytest.mark.parametrize("copies", [1, 200])
def test_patterns_match_long_texts_as_they_match_short_ones(tmp_path: Path, copies: int) -> None:
    """Long ones are matched by `patterns.lua`, whose work is counted."""
    place = script(tmp_path, _PATTERNS)
    text = "abc, bcde, xyz. " * copies
    assert judged(place, {"text": text}).message == f"{3 * copies} abc xyz <abc> <bcde> xyz 2 2 3"


def test_a_script_is_used_from_several_threads(tmp_path: Path) -> None:
    rule = load_scripts(script(tmp_path, _READY))[GroupKind("example.com", "Widget")]
    items: list[Item] = [
        {"status": {"conditions": [{"type": "Ready", "status": "True", "message": str(number)}]}}
        for number in range(200)
    ]
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda item: rule.judge(item, NOW).message, items))
    assert said == [str(number) for number in range(200)]


def test_a_script_that_does_not_compile_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"Widget/health\.lua:2:1: is no Lua"):
        load_scripts(script(tmp_path, "local hs = {}\nif then"))


def test_bytecode_is_no_script(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="binary chunk"):
        load_scripts(script(tmp_path, "\x1bLua"))


_BROKEN = """\
data:
  resource.customizations.health.example.com_Widget: |
    local hs = {}
    if then
  resource.customizations: |
    "*.example.com/*":
      health.lua: |
        end
"""


def test_a_script_in_a_config_map_that_does_not_compile_is_placed_in_its_file(tmp_path: Path) -> None:
    file = tmp_path / "argocd-cm.yaml"
    file.write_text(_BROKEN)
    with pytest.raises(RulesError) as caught:
        load_scripts(file)
    assert [each.line for each in caught.value.problems] == [4, 8]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("data: [", "expected"),
        ("kind: ConfigMap", "argocd-cm"),
        ("data:\n  resource.customizations: '['", "expected"),
        ("data:\n  resource.customizations.health.Pod: '" + "-" * 70_000 + "'", "64 KiB"),
    ],
)
def test_a_file_without_scripts_is_refused_with_its_place(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "argocd-cm.yaml"
    file.write_text(content)
    with pytest.raises(RulesError, match=said) as caught:
        load_scripts(file)
    assert caught.value.problems[0].line > 0


def test_a_place_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"nothing: cannot be read.*Name a folder"):
        load_scripts(tmp_path / "nothing")
