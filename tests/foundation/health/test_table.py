from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from foundation.health import Status, Verdict
from foundation.health.kinds import GroupKind
from foundation.health.rulebook import load_rulebook
from foundation.health.table import Example, RulesError, TableRule, built_in, load_tables, read_table
from tests.foundation.health.objects import Item, condition

_EXAMPLES = [
    pytest.param(each, id=f"{table.project}-{each.kind}-{number}")
    for table in built_in()
    for number, each in enumerate(table.examples)
]


@pytest.mark.parametrize("example", _EXAMPLES)
def test_an_example_of_a_table_is_judged_as_it_says(example: Example) -> None:
    """By the rulebook, where another table or a pattern could come before it."""
    rule = load_rulebook().rule_of(example.kind)
    assert isinstance(rule, TableRule)
    verdict = rule.verdict_of(example.item)
    assert verdict.status is example.status, verdict
    assert verdict.message == (example.message or verdict.message)
    assert (verdict.status is Status.HEALTHY) or verdict.reason


@pytest.mark.parametrize("table", built_in(), ids=lambda each: each.project)
def test_each_rule_has_an_example(table: Any) -> None:
    judged = {id(load_rulebook().rule_of(each.kind)) for each in table.examples}
    # A rule without cases says what it says of every object.
    assert {kind for kind, rule in table.rules.items() if rule.cases and id(rule) not in judged} == set()


def test_no_two_tables_have_a_rule_for_the_same_kind() -> None:
    kinds = [kind for table in built_in() for kind in table.rules]
    assert len(kinds) == len(set(kinds))


def rule(when: str, more: str = "") -> TableRule:
    """A rule of one case, which says that it is Degraded where `when` holds."""
    content = f"project: P\nrules:\n- group: example.com\n  kinds: [Widget]\n  cases: [{{status: Degraded, when: {when}{more}}}]\n"
    content += "  otherwise: {status: Healthy, message: fine}\n"
    return read_table(content.encode(), "it.yaml").rules[GroupKind("example.com", "Widget")]


def holds(when: str, status: Item, **more: Any) -> bool:
    return rule(when).verdict_of({"kind": "Widget", "status": status, **more}).status is Status.DEGRADED


_CONDITIONS = {"conditions": [condition("Ready", "False", "NoSpace", "no space is left"), condition("Other", "True")]}


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("{condition: Ready}", False),
        ("{condition: Ready, is: 'False'}", True),
        ("{condition: Ready, is: ['False', Unknown]}", True),
        ("{condition: Ready, is: 'False', reason: NoSpace}", True),
        ("{condition: Ready, is: 'False', reason: [A, 'No*']}", True),
        ("{condition: Ready, is: 'False', reason: '*Spac*'}", True),
        ("{condition: Ready, is: 'False', reason: '*space'}", False),
        ("{condition: Ready, is: 'False', saying: space is}", True),
        ("{condition: Ready, is: 'False', saying: spaces}", False),
        ("{condition: '*ady', is: 'False'}", True),
        ("{condition: '*'}", True),
        ("{condition: Gone, is: absent}", True),
        ("{condition: Ready, is: absent}", False),
        ("{condition: Ready, in: status.others}", False),
        ("{path: 'status.conditions[type=Ready].reason', is: NoSpace}", True),
        ("{path: 'status.conditions[type=Gone].reason', present: false}", True),
        ("{some: status.conditions, have: {path: type, is: Other}}", True),
        ("{some: status.conditions, have: [{path: type, is: Other}, {path: status, is: 'False'}]}", False),
        ("{not: {some: status.conditions, have: {path: status, is: Unknown}}}", True),
        ("[{condition: Ready, is: 'False'}, {condition: Other}]", True),
        ("[{condition: Ready, is: 'False'}, {condition: Gone}]", False),
        ("{any: [{condition: Gone}, {condition: Other}]}", True),
        ("{any: [{condition: Gone}, {condition: Ready}]}", False),
    ],
)
def test_a_case_reads_conditions(when: str, expected: bool) -> None:
    assert holds(when, _CONDITIONS) is expected


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("{path: status.phase, is: Bad}", True),
        ("{path: status.phase, is: [Good, 'B*']}", True),
        ("{path: status.phase, is: 1}", False),
        ("{path: status.ready, is: 1}", True),
        ("{path: status.ready, is: true}", False),
        ("{path: status.ready, below: 2}", True),
        ("{path: status.ready, below: spec.size}", True),
        ("{path: status.ready, above: spec.size}", False),
        ("{path: status.ready, above: status.nothing}", True),
        ("{path: status.ready, is: 1, below: 1}", False),
        ("{path: status.ready, same: status.wanted}", True),
        ("{path: status.phase, present: true}", True),
        ("{path: status.empty, present: false}", True),
        ("{path: status.phase.deeper.still, present: true}", False),
        ("{path: 'metadata.annotations[example.com/paused]', is: 'true'}", True),
    ],
)
def test_a_case_reads_paths(when: str, expected: bool) -> None:
    status = {"phase": "Bad", "ready": 1, "wanted": 1, "empty": []}
    metadata = {"annotations": {"example.com/paused": "true"}}
    assert holds(when, status, spec={"size": 3}, metadata=metadata) is expected


@pytest.mark.parametrize(
    ("when", "more", "said"),
    [
        ("{condition: Ready, is: 'False'}", "", Verdict(Status.DEGRADED, "no space is left", "NoSpace")),
        ("{condition: Ready, is: 'False'}", ", message: 'x {status.n} {status.on} {status.no}'", "x 3 true -"),
        ("{condition: Ready, is: 'False'}", ", message: 'x {status.conditions}'", "x …"),
        ("{path: status.phase, is: Bad}", "", Verdict(Status.DEGRADED, "phase is Bad", "Bad")),
        ("{path: status.on, is: true}", "", Verdict(Status.DEGRADED, "on is true", "Degraded")),
        ("{path: status.on, is: true}", ", reason: Broken", Verdict(Status.DEGRADED, "on is true", "Broken")),
        ("{not: {condition: Gone}}", "", Verdict(Status.DEGRADED, "Widget is degraded", "Degraded")),
    ],
)
def test_a_verdict_is_put_into_words(when: str, more: str, said: Verdict | str) -> None:
    status = {
        "conditions": [{**condition("Ready", "False", "NoSpace", "no  space\nis left"), "lastTransitionTime": ""}]
    }
    found = rule(when, more).verdict_of({"kind": "Widget", "status": {**status, "phase": "Bad", "n": 3, "on": True}})
    assert said == (found.message if isinstance(said, str) else found)


def test_what_goes_and_what_is_not_observed_yet_comes_before_all_cases() -> None:
    item: Item = {"kind": "Widget", "metadata": {"generation": 2}, "status": {"observedGeneration": 1, "phase": "Bad"}}
    assert rule("{path: status.phase, is: Bad}").verdict_of(item).reason == "Unobserved"
    going = {**item, "metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}}
    assert rule("{path: status.phase, is: Bad}").verdict_of(going).reason == "Terminating"


def test_a_rule_reads_what_its_paths_and_messages_name() -> None:
    found = rule("[{path: 'status.list[name=a].x', below: spec.size}, {condition: Ready}]", ", message: '{spec.name}'")
    status = found.reads["status"] if found.reads else None
    assert isinstance(status, dict)
    assert status["list"] == {"x": None, "name": None}
    assert set(status) == {"observedGeneration", "list", "conditions"}
    assert found.reads
    assert found.reads["spec"] == {"size": None, "name": None}


_HEAD = "project: P\nrules:\n- group: example.com\n  kinds: [Widget]\n  "


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("cases: [{status: Healthy, when: {condition: Ready, reson: X}}]", (5, 54), 'Did you mean "reason"?'),
        ("cases: [{status: Healthy, when: {conditon: Ready}}]", (5, 36), 'Did you mean "condition"?'),
        ("cases: [{status: Healthy, when: {path: status.x, abve: 1}}]", (5, 52), 'Did you mean "above"?'),
        ("cases: [{status: Healthy, when: {path: status.x}}]", (5, 35), "with is, present"),
        ("cases: [{status: Healthy, when: {path: 'status..x', is: 1}}]", (5, 42), "status.phase"),
        ("cases: [{status: Healthy, when: {any: [{not: {path: a, smae: b}}]}}]", (5, 58), 'Did you mean "same"?'),
        ("cases: [{status: Healthy, when: [{some: a, have: {path: a, present: yes}}]}]", (5, 71), "true"),
        ("cases: [{status: Healthy, when: 3}]", (5, 35), "a list of these"),
        ("cases: [{status: Healty, when: {condition: Ready}}]", (5, 20), 'Did you mean "Healthy"?'),
        ("cases: [{status: Healthy}]", (5, 11), "when is missing"),
        ("cases: [{status: Healthy, when: {condition: A}, message: '{status..x}'}]", (5, 60), "is no path"),
        ("otherwise: condition", (5, 14), 'Did you mean "conditions"?'),
        ("otherwise: {status: Healthy}", (5, 3), "message is missing"),
        ("otherwise: {status: Healthy, message: '{}'}", (5, 41), "is no path"),
        ("generation: ignore", (5, 15), 'Did you mean "ignored"?'),
        ("examples: [{object: {}, status: Healthy}]", (5, 14), "judged Progressing"),
        ("cases: []\n- group: example.com\n  kinds: [Widget]", (7, 10), "has a rule above"),
        ("cases: []\n- group: Example.com\n  kinds: [Widget]", (6, 10), "an API group"),
        ("cases: []\n- group: example.com\n  kinds: widget", (7, 10), "a list of kinds"),
    ],
)
def test_a_fault_of_a_table_is_placed_and_what_was_meant_is_named(text: str, place: tuple[int, int], said: str) -> None:
    with pytest.raises(RulesError) as caught:
        read_table((_HEAD + text).encode(), "it.yaml")
    told = [each for each in caught.value.problems if said in f"{each.message} {each.remedy}"]
    assert told, str(caught.value)
    assert (told[0].line, told[0].column) == place, str(caught.value)


def test_the_faults_of_all_files_of_a_folder_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("project: [")
    (tmp_path / "b.yaml").write_text("projects: P")
    with pytest.raises(RulesError) as caught:
        load_tables(tmp_path)
    assert {Path(each.file).name for each in caught.value.problems} == {"a.yaml", "b.yaml"}


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"no folder of rules.*health\.rules"):
        load_tables(tmp_path / "nothing")
