import io
import json
from pathlib import Path
from typing import Any

import c2pa
import pytest
from rights_stage import picture

from understudy.base.image import Image
from understudy.hub.rights import Grant, Released
from understudy.rights import Ledger, release_still
from understudy.rights.aigc import AI_SOURCE_TYPES, KNOWN_SOURCE_TYPES, SOURCE_TYPE
from understudy.rights.granting import grant_digest
from understudy.testing.grants import grant_for, walk_on


@pytest.fixture(scope="module")
def secret(home: Path) -> Grant:
    return grant_for(walk_on(), project="Untold Secret", script_digest="5e" * 32)


@pytest.fixture(scope="module")
def still(secret: Grant, tmp_path_factory: pytest.TempPathFactory) -> Released:
    to = tmp_path_factory.mktemp("still") / "a.jpg"
    return release_still(Image(picture(320, 180)), to, grant=secret, title="A still")


@pytest.fixture(scope="module")
def assertions(still: Released) -> dict[str, Any]:
    """What a stranger's reader sees."""
    reader = c2pa.Reader("image/jpeg", io.BytesIO(still.path.read_bytes()))
    story = json.loads(reader.json())
    return {a["label"]: a["data"] for a in story["manifests"][story["active_manifest"]]["assertions"]}


def test_the_first_action_says_who_made_it_when_and_that_it_is_ai(assertions: dict[str, Any]) -> None:
    actions = next(data for label, data in assertions.items() if label.startswith("c2pa.actions"))["actions"]
    created, bound = actions
    assert created["action"] == "c2pa.created" and created["when"].endswith("Z")
    assert created["softwareAgent"]["name"] == "Understudy" and created["softwareAgent"]["version"]
    assert created["digitalSourceType"] == SOURCE_TYPE
    assert bound["action"] == "c2pa.watermarked.bound"


def test_our_source_type_is_in_the_vocabulary() -> None:
    assert SOURCE_TYPE in KNOWN_SOURCE_TYPES and SOURCE_TYPE in AI_SOURCE_TYPES
    assert AI_SOURCE_TYPES < KNOWN_SOURCE_TYPES
    enum = {name.replace("_", "").lower() for name in c2pa.C2paDigitalSourceType.__members__}
    assert SOURCE_TYPE.rsplit("/", 1)[1].lower() in enum


def test_training_is_not_allowed(assertions: dict[str, Any]) -> None:
    entries = assertions["cawg.training-mining"]["entries"]
    for use in ("data_mining", "ai_training", "ai_generative_training"):
        assert entries[f"cawg.{use}"]["use"] == "notAllowed"
    assert entries["cawg.ai_inference"]["use"] == "constrained"


def test_the_soft_binding_is_the_watermark(assertions: dict[str, Any], still: Released) -> None:
    assert assertions["c2pa.soft-binding"]["blocks"][0]["value"] == still.watermark_id


def test_licence_and_grant_lead_to_the_ledger(assertions: dict[str, Any], secret: Grant) -> None:
    licence = assertions["org.understudy.licence"]
    assert licence["ledger"] == Ledger().origin
    assert licence["grants"][0]["grant_sha256"] == grant_digest(secret)
    assert licence["grants"][0]["approval"] == "fully synthetic"
    assert Ledger().find(f"grant:{licence['grants'][0]['grant_sha256']}")


def test_neither_project_nor_token_leave_the_building(still: Released, secret: Grant) -> None:
    data = still.path.read_bytes()
    assert b"Untold Secret" not in data
    assert secret.token.encode() not in data
    assert b"the tests" not in data, "the licensor's name"
