from __future__ import annotations

from pathlib import Path

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


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("while true do end", "it takes too long"),
        ("while true do pcall(function() while true do end end) end", "it takes too long"),
        ("return {status = ('x'):rep(1e9)}", "memory"),
        ("local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end", ""),
        ("return {status = 'Great'}", "no status"),
        ("return nil", "says nothing"),
        ("error('no luck')", "no luck"),
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
        *("getmetatable", "('').dump"),
    ],
)
def test_a_script_has_no_way_out(tmp_path: Path, name: str) -> None:
    place = script(tmp_path, f"if {name} == nil then return {{status = 'Healthy', message = 'shut'}} end")
    assert judged(place).message == "shut"


def test_one_call_leaves_nothing_to_the_next(tmp_path: Path) -> None:
    place = script(tmp_path, "seen = (seen or 0) + 1; return {status = 'Healthy', message = tostring(seen)}")
    rule = load_scripts(place)[GroupKind("example.com", "Widget")]
    assert [rule.judge({"kind": "Widget"}, NOW).message for _ in range(2)] == ["1", "1"]


def test_a_script_that_does_not_compile_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"health\.lua:2:"):
        load_scripts(script(tmp_path, "local hs = {}\nif then"))
