"""Registering with the catalog's provider over HTTP."""

from __future__ import annotations

import json

import pytest
import requests
import responses

from foundation.errors import GreenroomError, InputError, NotFoundError
from foundation.settings import BackstageSettings, Secret, ServerSettings, Settings, StaticToken
from scaffolder_actions.actions.catalog_client import ATTEMPTS, SUBJECT, CatalogClient
from scaffolder_actions.actions.model import Action
from scaffolder_actions.actions.register_entity import register_entity
from scaffolder_actions.errors import CatalogUnavailableError
from tests.scaffolder_actions.conftest import Recorder

TOKEN = "a-static-token-of-some-length"
ADDRESS = "http://live.example/api/live/v1/registrations"
GIVEN = {"repositoryUrl": "http://git.example/commerce/order-api.git"}
REFERENCES = ["api:default/order-api", "component:default/order-api"]


def settings(subject: str = SUBJECT) -> Settings:
    tokens = (StaticToken("cli", Secret("x" * 30)), StaticToken(subject, Secret(TOKEN)))
    return Settings(
        server=ServerSettings(url="http://live.example/"), backstage=BackstageSettings(static_tokens=tokens)
    )


@pytest.fixture
def action() -> Action:
    return register_entity(CatalogClient(settings()).register)


@responses.activate
def test_registers(action: Action, context: Recorder) -> None:
    """The catalog is asked with the platform's own token, and the component is the entity that is named."""
    responses.add(responses.POST, ADDRESS, json={"entityRefs": REFERENCES, "version": "a-1"}, status=201)
    output = action.run(context, GIVEN)
    assert output == {"entityRef": "component:default/order-api", "entityRefs": REFERENCES}
    request = responses.calls[0].request
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert json.loads(request.body or "") == {"repositoryUrl": GIVEN["repositoryUrl"], "path": "service.yaml"}


@responses.activate
def test_waits_for_a_provider_that_starts(action: Action, context: Recorder) -> None:
    """While the provider is away or says that it is not ready, it is asked again."""
    responses.add(responses.POST, ADDRESS, body=requests.ConnectionError())
    responses.add(responses.POST, ADDRESS, json={"detail": "Starting."}, status=503)
    responses.add(responses.POST, ADDRESS, json={"entityRefs": REFERENCES})
    assert action.run(context, GIVEN)["entityRef"] == "component:default/order-api"
    assert context.passed == 4.0


@responses.activate
@pytest.mark.parametrize(
    "answer",
    [{"body": requests.ConnectionError(TOKEN)}, {"body": "<html>"}, {"json": {"detail": "No."}, "status": 500}],
)
def test_gives_up_in_the_end(answer: dict[str, object], action: Action, context: Recorder) -> None:
    """After half a minute the run fails, and tells nobody the token."""
    responses.add(responses.POST, ADDRESS, **answer)  # type: ignore[arg-type]  # the library's many ways
    with pytest.raises(CatalogUnavailableError) as raised:
        action.run(context, GIVEN)
    assert TOKEN not in str(raised.value)
    assert len(responses.calls) == ATTEMPTS


@responses.activate
def test_passes_the_problems_of_a_document_on(action: Action, context: Recorder) -> None:
    """A document that the catalog refuses is the caller's to mend, so every problem arrives."""
    problem = {"file": "service.yaml", "line": 3, "column": 7, "message": "is wrong.", "remedy": "Mend it."}
    responses.add(responses.POST, ADDRESS, json={"detail": "Not usable.", "problems": [problem]}, status=400)
    with pytest.raises(InputError) as raised:
        action.run(context, GIVEN)
    assert str(raised.value) == "Not usable.\nservice.yaml:3:7: is wrong. Mend it."
    assert len(responses.calls) == 1


@responses.activate
def test_nothing_to_register(action: Action, context: Recorder) -> None:
    """A repository without a document, and a document without an entity, are told apart from success."""
    responses.add(responses.POST, ADDRESS, json={"detail": "There is no service.yaml."}, status=404)
    responses.add(responses.POST, ADDRESS, json={"entityRefs": []})
    with pytest.raises(NotFoundError, match=r"no service\.yaml"):
        action.run(context, GIVEN)
    with pytest.raises(GreenroomError, match="nothing to register"):
        action.run(context, GIVEN)


def test_without_a_token_of_its_own(context: Recorder) -> None:
    """A server that has no token for itself says what to set."""
    with pytest.raises(GreenroomError) as raised:
        register_entity(CatalogClient(settings("other")).register).run(context, GIVEN)
    assert raised.value.remedy == 'Add a static token with the subject "greenroom" to the settings.'


@pytest.mark.parametrize("url", ["http://ada:canary@git.example/a/b.git", "https://canary@git.example/a/b"])
def test_an_address_with_credentials_becomes_no_run(action: Action, url: str) -> None:
    """Inputs are kept, logged and shown, so it is refused before, and not quoted."""
    with pytest.raises(InputError, match="repositoryUrl") as raised:
        action.check({"repositoryUrl": url})
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize("url", ["", "commerce/order-api", "https://git.example/a/@b"])
def test_other_addresses_are_left_to_the_catalog(action: Action, url: str) -> None:
    """A dry run has none yet, and the Git host knows its own."""
    action.check({"repositoryUrl": url})
