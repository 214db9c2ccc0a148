"""What a plan asks of each place: the clusters and the stack of each environment, and the repository."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from foundation.errors import GreenroomError
from foundation.jsontypes import JsonObject
from foundation.service import Service
from foundation.service.prices import prices
from scaffolder_actions.infrastructure.naming import stack_name
from scaffolder_actions.plans.cluster import ClusterPlan
from scaffolder_actions.plans.cost import cost_of
from scaffolder_actions.plans.files import compare_files
from scaffolder_actions.plans.model import Compared
from scaffolder_actions.plans.sources import Sources
from scaffolder_actions.plans.standing import STACK, Standing
from scaffolder_actions.workload import Compiled, render_service


@dataclass(frozen=True)
class Question:
    """Something to compare. Where nothing is `expected`, not being able to look is not worth a word."""

    environment: str
    place: str
    ask: Callable[[], Compared]
    expected: bool = True

    def answer(self) -> Compared:
        """What was found, or why nothing was."""
        try:
            return self.ask()
        except GreenroomError as error:
            return Compared((), [words_of(error)] if self.expected else ())

    def late(self, seconds: float) -> Compared:
        """The answer where none came in time."""
        reason = f"{self.place} did not answer within {seconds:.0f} s."
        return Compared((), [reason] if self.expected else ())


def of_environments(made: Mapping[str, Compiled], standing: Standing | None, sources: Sources) -> Iterator[Question]:
    """What is asked about the environments of the document; `standing` is None where the repository is out of reach."""
    for environment, compiled in made.items():
        service = compiled.workload.service
        yield from _of_clusters(sources, environment, service, compiled.objects, expected=True)
        stood = standing is None or STACK.format(environment) in standing.paths
        expected = compiled.stack is not None or stood
        yield _of_stack(sources, environment, service, compiled.stack, expected=expected)


def of_the_rest(service: Service, standing: Standing | None, sources: Sources) -> Iterator[Question]:
    """What may be left in environments that the document names no more."""
    files = standing.environments if standing else ()
    for environment in dict.fromkeys([*files, *sources.clusters.environments]):
        if environment not in service.environments:
            expected = environment in files
            yield from _of_clusters(sources, environment, service, (), expected=expected)
            yield _of_stack(sources, environment, service, None, expected=expected)


def _of_clusters(
    sources: Sources, environment: str, service: Service, objects: Sequence[JsonObject], *, expected: bool
) -> Iterator[Question]:
    try:
        apis = sources.clusters.of(environment)
    except GreenroomError as error:
        reason = words_of(error)
        yield Question(environment, "", lambda: Compared((), [reason]))
        return
    for api in apis:
        plan = ClusterPlan(api, environment, service.name, service.team, objects)
        yield Question(environment, f"Cluster {api.cluster}", plan.compare, expected)


def _of_stack(
    sources: Sources, environment: str, service: Service, template: JsonObject | None, *, expected: bool
) -> Question:
    name = stack_name(service.name, environment)

    def ask() -> Compared:
        changes = sources.stacks.plan(name, template, environment)
        cost = cost_of(sources.stacks.template(name), template, prices(sources.platform))
        return Compared(changes, cost=cost)

    return Question(environment, f"AWS, asked for the stack {name},", ask, expected)


def of_files(
    service: Service,
    versions: Mapping[str, str],
    standing: Standing,
    sources: Sources,
    environments: Sequence[str] | None,
) -> Question:
    """What is asked about the repository; with `environments`, about their files alone."""

    def ask() -> Compared:
        rendered = render_service(service, versions, sources.platform)
        return Compared(compare_files(rendered, standing, environments))

    return Question("", standing.place, ask)


def words_of(error: GreenroomError) -> str:
    """What an error says, and what to do about it."""
    return f"{error.message} {error.remedy}" if error.remedy else error.message
