"""What stands in deploy/ fits the gateway it deploys, and settings named elsewhere are settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from diary_api.settings import Settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("diary-*"))
SECRETS = {"secrets/gateway.env", "secrets/postgres_password"}
"""Made by whoever deploys."""


def settings_of(model: type[BaseModel], prefix: str) -> set[str]:
    """Return the environment variables of settings, nested ones included."""
    found = set[str]()
    for name, field in model.model_fields.items():
        variable = f"{prefix}{name.upper()}"
        found.add(variable)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found |= settings_of(field.annotation, f"{variable}__")
    return found


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """The services of the compose file, anchors resolved."""
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]


@pytest.mark.parametrize(
    "file",
    [*sorted(DEPLOY.iterdir()), ROOT / "docs" / "deploy.md", *sorted(ROOT.glob("benchmarks/*.py"))],
    ids=lambda file: file.name,
)
def test_every_setting_that_is_named_exists(file: Path) -> None:
    """A setting that was renamed or misspelt would be silently without effect."""
    named = set(re.findall(r"\bDIARY[A-Z_]*[A-Z]", file.read_text("utf-8")))
    assert named - settings_of(Settings, "DIARY_") == set()


def test_values_of_settings_are_taken(services: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """What the compose file sets is accepted."""
    for name, value in services["api_a"]["environment"].items():
        monkeypatch.setenv(name, value)
    assert Settings().background == "worker"


def test_every_path_of_the_compose_file_exists(services: dict[str, Any]) -> None:
    """Mounted files, the Dockerfile and what it copies are there."""
    mounted = [volume.split(":")[0] for service in services.values() for volume in service.get("volumes", ())]
    assert [path for path in mounted if path.startswith(".") and not (DEPLOY / path).exists()] == []
    assert {service["env_file"] for service in services.values() if "env_file" in service} <= SECRETS
    build = services["api_a"]["build"]
    root = DEPLOY / build["context"]
    copied = re.findall(r"^COPY (?!--)(\S+)", (root / build["dockerfile"]).read_text("utf-8"), re.MULTILINE)
    assert [path for path in copied if not (root / path).exists()] == []


def test_gateways_are_locked_in(services: dict[str, Any]) -> None:
    """No gateway writes to its root, has a capability or gains one; only the proxy has a port."""
    ours = {name: one for name, one in services.items() if one.get("image") == "diary-gateway"}
    assert {"api_a", "api_b", "worker", "migrate"} <= set(ours)
    for one in ours.values():
        assert one["read_only"]
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert not one.get("privileged")
    assert [name for name, one in services.items() if one.get("ports")] == ["proxy"]


def test_whoever_waits_for_another_knows_it(services: dict[str, Any]) -> None:
    """Services wait for services that are there, and for health only where it is looked after."""
    waits = [
        (other, how["condition"])
        for one in services.values()
        for other, how in dict(one.get("depends_on") or {}).items()
    ]
    unhealthy = {
        name for name, how in waits if how == "service_healthy" and not services[name].get("healthcheck")
    }
    assert unhealthy == set()


def test_the_image_holds_packages_of_the_lock_only() -> None:
    """Every pinned package of the image, with its hashes, is one that is tested with."""
    assert pins(DEPLOY / "requirements.lock").items() <= pins(ROOT / "requirements.lock").items()


def pins(lock: Path) -> dict[str, frozenset[str]]:
    """Return the hashes of each pinned package of a lock."""
    found: dict[str, frozenset[str]] = {}
    for entry in re.split(r"\n(?=\S)", lock.read_text("utf-8")):
        if "==" in entry:
            found[entry.split(" ")[0]] = frozenset(re.findall(r"sha256:\w+", entry))
    return found


@pytest.mark.parametrize(
    "unit", [one for one in UNITS if one.suffix == ".service"], ids=lambda unit: unit.name
)
def test_units_are_hardened(unit: Path) -> None:
    """Each service of ours runs as nobody special, in a file system it cannot write to."""
    told = set(unit.read_text("utf-8").splitlines())
    wanted = {
        "User=diary",
        "NoNewPrivileges=true",
        "ProtectSystem=strict",
        "ProtectHome=true",
        "PrivateTmp=true",
        "CapabilityBoundingSet=",
        "SystemCallFilter=@system-service",
    }
    assert wanted - told == set()
