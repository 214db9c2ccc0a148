"""A plan as people read it."""

from __future__ import annotations

import pytest

from greenroom.cli.service.plan_text import plan_lines, shortened
from scaffolder_actions.plans.cost import Cost
from scaffolder_actions.plans.model import Change, FieldChange, Plan, Verb


def change(kind: str, name: str, verb: Verb, *fields: FieldChange, where: str = "cluster", **more: object) -> Change:
    environment = str(more.pop("environment", "production"))
    place = str(more.pop("place", "one"))
    return Change(where, environment, place, kind, name, verb, fields, **more)  # type: ignore[arg-type]  # checked below


def text(plan: Plan) -> str:
    return "\n".join(each.text for each in plan_lines(plan.as_json()))


SCALED = change("HorizontalPodAutoscaler", "order-api", "update", FieldChange("spec.maxReplicas", 10, 20))
UPGRADED = change(
    "AWS::RDS::DBInstance",
    "Database",
    "replace",
    FieldChange("Properties.EngineVersion", "16.4", "17.2"),
    where="aws",
    place="production-order-api",
    impact="Unavailable for minutes.",
)


def file(number: int, verb: Verb = "create") -> Change:
    return change("File", f"deploy/production/kubernetes/{number}.yaml", verb, where="repository")


def test_a_table_for_each_environment() -> None:
    """Signs, names, fields and impact stand below one another; what stays as it is is not shown."""
    kept = change("Service", "order-api", "keep")
    assert (
        text(Plan("order-api", [SCALED, UPGRADED, kept]))
        == """\
production
  ~ HorizontalPodAutoscaler/order-api   maxReplicas 10 → 20
  ± AWS::RDS::DBInstance Database       EngineVersion 16.4 → 17.2   Unavailable for minutes.
  1 to change, 1 to replace, 0 to delete"""
    )


def test_nothing_to_change() -> None:
    """An environment without a change says so in its numbers."""
    assert (
        text(Plan("order-api", [change("Service", "order-api", "keep")]))
        == """\
production
  0 to change, 0 to replace, 0 to delete"""
    )


def test_what_is_not_known_is_no_lack_of_change() -> None:
    """The reason stands where the changes would, and the numbers claim no more than is known."""
    assert text(Plan("order-api", [SCALED], {"staging": ["Cluster two does not answer."]})).splitlines()[4:] == [
        "staging",
        "  ? not known: Cluster two does not answer.",
        "  0 to change, 0 to replace, 0 to delete, as far as is known",
    ]


def test_what_all_environments_share() -> None:
    """Files beside the code have a table of their own."""
    shared = change("File", "catalog-info.yaml", "create", where="repository", environment="")
    assert text(Plan("order-api", [shared])).splitlines()[0] == "all environments"


def test_files_follow_what_runs() -> None:
    """A few are named, many are counted; the numbers are of what runs."""
    few = text(Plan("order-api", [SCALED, file(1, "update")]))
    assert "~ deploy/production/kubernetes/1.yaml" in few
    assert few.splitlines()[-1] == "  1 to change, 0 to replace, 0 to delete, 1 file to write"
    many = text(Plan("order-api", [*map(file, range(9)), file(9, "delete")]))
    assert "  + 9 files below deploy/production/kubernetes" in many
    assert "  - deploy/production/kubernetes/9.yaml" in many


def test_what_cannot_be_done_says_why() -> None:
    """Below the change, however long the reason is; a blocked file is named among many."""
    reason = "shop.example.com is claimed by HTTPRoute shop in namespace retail."
    lines = text(Plan("order-api", [change("HTTPRoute", "order-api", "create", blocked=reason)])).splitlines()
    assert lines[1:3] == ["  + HTTPRoute/order-api", f"    cannot be done: {reason}"]


def test_clusters_are_told_apart_where_there_are_several() -> None:
    """Two clusters of one environment."""
    both = [change("Service", "order-api", "create", place=place) for place in ("one", "two")]
    assert "+ Service/order-api in two" in text(Plan("order-api", both))


def test_long_fields_push_nothing_away() -> None:
    """What means something to users stays in sight, however long a value beside it is."""
    long = change("ConfigMap", "order-api", "update", FieldChange("data.text", "x" * 90, "y" * 90))
    lines = text(Plan("order-api", [long, UPGRADED])).splitlines()
    assert lines[2].endswith("EngineVersion 16.4 → 17.2   Unavailable for minutes.")


def test_many_fields_are_cut() -> None:
    """Each field has its line, up to a number."""
    fields = [
        FieldChange(f"spec.template.spec.containers[app].env[V{number}].value", None, "x") for number in range(12)
    ]
    lines = text(Plan("order-api", [change("Deployment", "order-api", "update", *fields)])).splitlines()
    assert lines[1].endswith("containers[app].env[V0].value not set → x")
    assert lines[7].strip() == "and 6 more fields"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (0, 38.2, "; cost about +38 USD a month"),
        (38.2, 0, "; cost about -38 USD a month"),
        (38.2, 38.4, ""),
    ],
)
def test_what_it_costs(before: float, after: float, words: str) -> None:
    """What is paid more or less, where that is anything."""
    plan = Plan("order-api", [UPGRADED], cost={"production": Cost(before, after, "USD", "2026-10-01")})
    assert text(plan).splitlines()[-1] == f"  0 to change, 1 to replace, 0 to delete{words}"


def test_data_that_would_go() -> None:
    """What has to be typed is said at the end."""
    gone = change("AWS::RDS::DBInstance", "Database", "delete", where="aws", holds_data=True)
    assert "order-api must be typed" in text(Plan("order-api", [gone])).splitlines()[-1]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (10, 20, ("10", "20")),
        (None, True, ("not set", "true")),
        ("", "x", ('""', "x")),
        ({"a": 1}, None, ('{"a": 1}', "not set")),
        ("one\n  two", "three", ("one two", "three")),
        (
            "registry.example.com/commerce/order-api:1.4.2",
            "registry.example.com/commerce/order-api:1.5.0",
            ("…1.4.2", "…1.5.0"),
        ),
        ("x" * 60, "y", (f"{'x' * 39}…", "y")),
    ],
)
def test_values_in_a_few_words(before: object, after: object, shown: tuple[str, str]) -> None:
    """Long values are cut where they are alike, or at their end."""
    assert shortened(before, after) == shown
