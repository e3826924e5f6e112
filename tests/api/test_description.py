"""The OpenAPI description is true, whole and worth reading."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from diary_api.app import create_app
from tests.api.running import MovableClock, settings_for
from tests.api.tiny import TinyTown, tiny_plugins


@pytest.fixture(scope="module")
def description(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    plugins = tiny_plugins(TinyTown(MovableClock()))
    return create_app(settings_for(tmp_path_factory.mktemp("described")), plugins=plugins).openapi()


def operations(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_it_is_openapi_3_1(description: dict[str, Any]) -> None:
    """The version, and a schema of every component that is a valid JSON Schema."""
    assert description["openapi"].startswith("3.1")
    for schema in description["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema)


def test_no_word_of_a_later_version_is_used(description: dict[str, Any]) -> None:
    """What a stream is made of can be said since OpenAPI 3.2 only."""
    assert "itemSchema" not in json.dumps(description)


def test_every_operation_is_told_in_words(description: dict[str, Any]) -> None:
    """A short title, a sentence or more, a tag of the list, and a name for generated clients."""
    tags = {tag["name"] for tag in description["tags"]}
    poor = [
        name
        for name, operation in operations(description)
        if len(operation.get("summary", "")) < 5
        or len(operation.get("description", "")) < 25
        or not set(operation.get("tags", ())) <= tags
        or not operation["operationId"].isidentifier()
    ]
    assert poor == []


def test_every_operation_documents_its_problems(description: dict[str, Any]) -> None:
    """Any answer that is none of the documented ones is a problem, and says so."""
    silent = [
        name
        for name, operation in operations(description)
        if "application/problem+json" not in operation["responses"]["default"]["content"]
    ]
    assert silent == []


def test_every_parameter_and_answer_is_told_in_words(description: dict[str, Any]) -> None:
    """Where an id comes from and what a good answer holds; the framework's own filler stands nowhere."""
    silent = [
        f"{name} {parameter['name']}"
        for name, operation in operations(description)
        for parameter in operation.get("parameters", ())
        if not parameter.get("description")
    ]
    filler = [
        name
        for name, operation in operations(description)
        for response in operation["responses"].values()
        if response["description"] == "Successful Response"
    ]
    assert (silent, filler) == ([], [])


def test_every_read_of_a_diary_has_an_example(description: dict[str, Any]) -> None:
    """What a script will parse is shown before it is written."""
    bare = [
        name
        for name, operation in operations(description)
        if "children" in operation["tags"]
        and not any("example" in one for one in operation["responses"]["200"]["content"].values())
    ]
    assert bare == []


def test_every_field_of_ours_is_told_in_words(description: dict[str, Any]) -> None:
    """Fields whose name does not say it all have a description; nothing carried or secret is described."""
    schemas = description["components"]["schemas"]
    assert [name for name, schema in schemas.items() if "carry" in schema.get("properties", {})] == []
    told = [field for schema in schemas.values() for field in schema.get("properties", {}).values()]
    assert sum("description" in field or "$ref" in field for field in told) / len(told) > 0.5


def test_examples_fit_what_they_are_examples_of(description: dict[str, Any]) -> None:
    """Each example of an answer is an answer."""
    definitions = description["components"]
    wrong: list[str] = []
    tried = 0
    for name, operation in operations(description):
        for response in operation["responses"].values():
            for content in response.get("content", {}).values():
                examples = [content["example"]] if "example" in content else []
                examples += [example["value"] for example in content.get("examples", {}).values()]
                schema = content.get("schema", {})  # a stream of events has none in 3.1
                validator = jsonschema_rs.validator_for({**schema, "components": definitions})
                wrong += [name for example in examples if not validator.is_valid(example)]
                tried += len(examples)
    assert (wrong, tried > 100) == ([], True)
