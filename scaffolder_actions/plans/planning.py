"""The plan of a service: everywhere at once, and where something cannot be asked, that is what the plan says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from typing import TypeVar

from foundation.errors import GreenroomError
from foundation.service import Service
from scaffolder_actions.plans.model import Change, Compared, Plan, Where
from scaffolder_actions.plans.questions import of_environments, of_files, of_the_rest, words_of
from scaffolder_actions.plans.sources import Sources
from scaffolder_actions.plans.standing import FIRST_VERSION, Standing, standing_in_repository
from scaffolder_actions.plans.versions import version_in_cluster
from scaffolder_actions.workload import compile_environment, workload_of

# Questions asked at once: a service has two environments with a cluster and a stack each, and one repository.
WORKERS = 8
# Seconds until the repository, what runs, and all the rest count as out of reach. Those who ask for a plan wait for 60
# in all; a client of one of them alone would be more patient than that.
REPOSITORY_SECONDS = 20.0
VERSION_SECONDS = 10.0
COMPARING_SECONDS = 25.0
T = TypeVar("T")
_ORDER: Sequence[Where] = ("cluster", "aws", "repository")


def plan_service(
    service: Service,
    environments: Sequence[str] | None,
    versions: Mapping[str, str],
    sources: Sources,
    *,
    repository: str | None = None,
) -> Plan:
    """What would change for `service`.

    `environments` are those to look at; None looks at all, at what is left in others, and at what all share. An
    environment without a version keeps the one that stands. `repository` is where its files are, by default where
    golden paths put them.

    Raises InputError for an environment or a version that cannot be, and ServiceDocumentError for patches that do not
    fit. What does not answer is in the plan's `unknown`.
    """
    pool = ThreadPoolExecutor(WORKERS, "plan")
    try:
        name = repository or sources.repository_of(service)
        (found,) = _in_time(pool, [lambda: _standing(sources, name)], REPOSITORY_SECONDS)
        standing, trouble = found or (None, [f"The repository {name} was not read within {REPOSITORY_SECONDS:.0f} s."])
        here = list(service.environments if environments is None else environments)
        known = _versions(service, here, versions, standing, sources, pool=pool)
        made = {each: compile_environment(service, each, known[each], sources.platform) for each in here}
        questions = list(of_environments(made, standing, sources))
        if standing is not None:
            questions.append(of_files(service, known, standing, sources, environments))
        if environments is None:
            questions += of_the_rest(service, standing, sources)
        answers = _in_time(pool, [each.answer for each in questions], COMPARING_SECONDS)
    finally:
        # Whoever is late would hold up the answer.
        pool.shutdown(wait=False, cancel_futures=True)
    compared = [
        (each.environment, answer or each.late(COMPARING_SECONDS))
        for each, answer in zip(questions, answers, strict=True)
    ]
    return _plan(service, [("", Compared((), trouble)), *compared])


def _in_time(pool: ThreadPoolExecutor, tasks: Sequence[Callable[[], T]], seconds: float) -> list[T | None]:
    """What each task gives, None where it takes longer than `seconds`."""
    futures = [pool.submit(each) for each in tasks]
    done, _ = wait(futures, timeout=seconds)
    return [each.result() if each in done else None for each in futures]


def _standing(sources: Sources, name: str) -> tuple[Standing | None, Sequence[str]]:
    try:
        return standing_in_repository(sources.git, name), ()
    except GreenroomError as error:
        return None, [words_of(error)]


def _versions(
    service: Service,
    environments: Sequence[str],
    given: Mapping[str, str],
    standing: Standing | None,
    sources: Sources,
    *,
    pool: ThreadPoolExecutor,
) -> dict[str, str]:
    """The version for each environment: as given, as in the repository, as it runs, or the first one."""
    known = dict(given)
    for environment in environments:
        image = workload_of(service, environment, FIRST_VERSION, sources.platform).image_name
        if environment not in known and standing and (version := standing.version(environment, image)):
            known[environment] = version
    left = [each for each in environments if each not in known]
    running = _in_time(pool, [partial(_running, service, each, sources) for each in left], VERSION_SECONDS)
    return {**known, **{each: version or FIRST_VERSION for each, version in zip(left, running, strict=True)}}


def _running(service: Service, environment: str, sources: Sources) -> str | None:
    """The version that runs; None also where a cluster does not answer, which comparing will say."""
    image = workload_of(service, environment, FIRST_VERSION, sources.platform).image_name
    try:
        found = (version_in_cluster(api, service.name, service.team, image) for api in sources.clusters.of(environment))
        return next(filter(None, found), None)
    except GreenroomError:
        return None


def _plan(service: Service, answers: Sequence[tuple[str, Compared]]) -> Plan:
    unknown: dict[str, list[str]] = {}
    for environment, compared in answers:
        if compared.unknown:
            unknown.setdefault(environment, []).extend(compared.unknown)
    changes = [change for _, compared in answers for change in compared.changes]
    cost = {environment: compared.cost for environment, compared in answers if compared.cost}
    return Plan(service.name, sorted(changes, key=lambda each: _rank(service, each)), unknown, cost)


def _rank(service: Service, change: Change) -> tuple[int, str, int]:
    """Environments in the order of the document, then those that it names no more, then what all share."""
    known = {name: place for place, name in enumerate(service.environments)}
    last = len(known) + (1 if change.environment == "" else 0)
    return known.get(change.environment, last), change.environment, _ORDER.index(change.where)
