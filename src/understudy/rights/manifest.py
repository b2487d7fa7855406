"""C2PA: the signed story of a file, written last and read by anyone.

The manifest says who made the file (this installation's certificate), with what, that it is AI media, which watermark
is bound to it, that nobody may train on it, and under which licence, grant and ledger it was released. It holds no
names of people, no e-mail address and no text of the script.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from understudy.base.errors import Unavailable
from understudy.hub.rights import Grant
from understudy.rights.aigc import SOURCE_TYPE
from understudy.rights.granting import grant_digest
from understudy.rights.keys import claim_anchors, claim_signer, keys_exist

WATERMARK_ALGORITHM = "org.understudy.watermark.1"
LICENCE_LABEL = "org.understudy.licence"
MEDIA_TYPES = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".wav": "audio/wav",
}


@dataclass(frozen=True)
class Credentials:
    """What a file's C2PA manifest says and whether it holds.

    state: 'trusted' (our roots), 'valid' (intact, but the signer is a stranger), 'invalid' (broken) or 'none'.
    problems: codes of the C2PA specification that failed. actions: labels in order. soft_binding: our watermark's id.
    """

    state: str
    manifest_id: str = ""
    signer: str = ""
    problems: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    digital_source_type: str = ""
    soft_binding: str = ""
    licence: Mapping[str, Any] | None = None


def sign_file(
    source: Path,
    to: Path,
    *,
    media_type: str,
    title: str,
    when: str,
    watermark: str,
    grants: Sequence[Grant],
    origin: str,
) -> None:
    """Writes `source` with its manifest to `to`. watermark: hex id bound to the file, '' when it has none."""
    import c2pa

    signer_of_claims = claim_signer()
    agent = {"name": "Understudy", "version": version("understudy")}
    story = {
        "claim_generator_info": [agent],
        "title": title,
        "format": media_type,
        "assertions": _assertions(when, agent, watermark, grants, origin),
    }
    context = c2pa.Context.from_dict(_settings())
    signer = c2pa.Signer.from_callback(signer_of_claims.sign, c2pa.C2paSigningAlg.ES256, signer_of_claims.chain_pem)
    try:
        with source.open("rb") as given, to.open("w+b") as signed:
            c2pa.Builder(json.dumps(story), context=context).sign(signer, media_type, given, signed)
            signed.flush()
    except c2pa.C2paError as error:
        raise Unavailable(
            f"The file could not be signed ({str(error)[:160]}); check the free disk space and the keys folder."
        ) from error
    finally:
        signer.close()


def read_file(path: Path, media_type: str) -> Credentials:
    """Returns the credentials of a file; never fetches anything. A manifest that cannot be parsed is 'invalid'."""
    import c2pa

    context = c2pa.Context.from_dict(_settings())
    try:
        with path.open("rb") as stream:
            reader = c2pa.Reader(media_type, stream, context=context)
            state = str(reader.get_validation_state() or "Invalid").lower()
            story = json.loads(reader.json())
            reader.close()
    except c2pa.C2paError as error:
        missing = "ManifestNotFound" in type(error).__name__ + str(error) or "no JUMBF" in str(error)
        return Credentials("none") if missing else Credentials("invalid", problems=(str(error)[:160],))
    manifest = story.get("manifests", {}).get(story.get("active_manifest"), {})
    return _credentials(state, story, manifest)


def _credentials(state: str, story: Mapping[str, Any], manifest: Mapping[str, Any]) -> Credentials:
    found = {str(a.get("label", "")): a.get("data") for a in manifest.get("assertions", [])}
    listed = next((data for label, data in found.items() if label.startswith("c2pa.actions")), None) or {}
    actions = [a for a in listed.get("actions", []) if isinstance(a, dict)]
    created = next((a for a in actions if a.get("digitalSourceType")), {})
    binding = next((data for label, data in found.items() if label.startswith("c2pa.soft-binding")), None) or {}
    ours = binding.get("alg") == WATERMARK_ALGORITHM and binding.get("blocks")
    failures = story.get("validation_results", {}).get("activeManifest", {}).get("failure", [])
    signature = manifest.get("signature_info", {})
    licence = found.get(LICENCE_LABEL)
    return Credentials(
        state=state,
        manifest_id=str(story.get("active_manifest", "")),
        signer=str(signature.get("common_name") or signature.get("issuer") or ""),
        problems=tuple(dict.fromkeys(str(f.get("code", "")) for f in failures)),
        actions=tuple(str(a.get("action", "")) for a in actions),
        digital_source_type=str(created.get("digitalSourceType", "")),
        soft_binding=str(binding["blocks"][0].get("value", "")) if ours else "",
        licence=licence if isinstance(licence, dict) else None,
    )


def _assertions(
    when: str, agent: Mapping[str, str], watermark: str, grants: Sequence[Grant], origin: str
) -> list[dict[str, Any]]:
    actions: list[dict[str, Any]] = [
        {"action": "c2pa.created", "when": when, "softwareAgent": dict(agent), "digitalSourceType": SOURCE_TYPE}
    ]
    if watermark:
        actions.append({"action": "c2pa.watermarked.bound", "when": when, "softwareAgent": dict(agent)})
    train = {f"cawg.{use}": {"use": "notAllowed"} for use in ("data_mining", "ai_training", "ai_generative_training")}
    limits = "Only to detect, label or describe this file; not to imitate its actors."
    train["cawg.ai_inference"] = {"use": "constrained", "constraint_info": limits}
    terms = [
        {
            "licence_id": g.licence_id,
            "grant_sha256": grant_digest(g),
            "approval": str(g.approval),
            "purpose": str(g.purpose),
        }
        for g in grants
    ]
    bound = {"alg": WATERMARK_ALGORITHM, "blocks": [{"scope": {}, "value": watermark}]}
    return [
        {"label": "c2pa.actions.v2", "data": {"actions": actions}},
        *([{"label": "c2pa.soft-binding", "data": bound}] if watermark else []),
        {"label": "cawg.training-mining", "data": {"entries": train}},
        {"label": LICENCE_LABEL, "data": {"ledger": origin, "grants": terms}},
    ]


def _settings() -> dict[str, Any]:
    return {
        "verify": {
            "verify_after_sign": True,
            "verify_trust": True,
            "remote_manifest_fetch": False,
            "ocsp_fetch": False,
        },
        "trust": {"trust_anchors": claim_anchors()} if keys_exist() else {},
        "core": {"allow_redirects": False, "allowed_network_hosts": []},
        "builder": {"thumbnail": {"enabled": False}},
    }
