"""The parts of schemas that several actions share."""

from __future__ import annotations

from typing import Final

from foundation.jsontypes import JsonObject
from scaffolder_actions.plans.standing import FIRST_VERSION

# Characters; above what the reader of documents takes, so that the reader says what is wrong.
LONGEST_DOCUMENT = 256 * 1024

DOCUMENT: Final[JsonObject] = {
    "type": "string",
    "title": "Service document",
    "description": "The text of a service.yaml.",
    "minLength": 1,
    "maxLength": LONGEST_DOCUMENT,
}

ENVIRONMENT: Final[JsonObject] = {
    "type": "string",
    "title": "Environment",
    "description": "One of the environments that the service document names, such as staging.",
    "minLength": 1,
    "maxLength": 63,
}

VERSION: Final[JsonObject] = {
    "type": "string",
    "title": "Version",
    "description": "The version of the service's image to run; 0.1.0, with which golden paths begin, by default.",
    "minLength": 1,
    "maxLength": 128,
}
DEFAULT_VERSION: Final = FIRST_VERSION

STANDING_VERSION: Final[JsonObject] = {
    **VERSION,
    "description": "The version of the service's image: a tag, a digest, or both; by default the one that stands.",
    "maxLength": 255,
}

REPOSITORY: Final[JsonObject] = {
    "type": "string",
    "title": "Repository",
    "description": "The repository of the service on the Git host, such as commerce/order-api.",
    "minLength": 1,
    "maxLength": 512,
}

PROBLEMS: Final[JsonObject] = {
    "type": "array",
    "description": "Each error with its place; line and column count from 1, 0 is the document as a whole.",
    "items": {
        "type": "object",
        "required": ["file", "line", "column", "message", "remedy"],
        "properties": {
            "file": {"type": "string"},
            "line": {"type": "integer"},
            "column": {"type": "integer"},
            "message": {"type": "string"},
            "remedy": {"type": "string"},
            "page": {"type": "string", "description": "Where the field is explained."},
        },
    },
}

SAVED: Final[JsonObject] = {
    "type": "object",
    "required": ["environment", "kind", "name", "place", "entries"],
    "properties": {
        "environment": {"type": "string"},
        "kind": {"type": "string", "description": "The type of the resource that held it."},
        "name": {"type": "string"},
        "place": {"type": "string", "description": "The name of a snapshot, or an address s3://…."},
        "entries": {"type": ["integer", "null"], "description": "Objects or messages; null for a snapshot."},
    },
}

DOCUMENT_EXAMPLE: Final = """\
apiVersion: platform.company.com/v1
kind: Service
metadata:
  name: order-api
  team: commerce
spec:
  language: python
  environments: [staging]
"""
