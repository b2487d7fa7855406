"""The one door to work: a licence is read, the rules decide, the ledger notes it, and a Grant is signed."""

import datetime
import hashlib
import hmac
from collections.abc import Sequence

from understudy.base.errors import NotAllowed
from understudy.hub.actor import Actor
from understudy.hub.rights import Grant, Purpose
from understudy.rights.consent import withdrawn
from understudy.rights.keys import derived, installation_key, public_text
from understudy.rights.ledger import Ledger, now
from understudy.rights.licence import decide
from understudy.rights.tokens import sign_token


def authorise(actor: Actor, *, purpose: Purpose = Purpose.SCRIPTED, project: str, script_digest: str) -> Grant:
    """Returns leave for one job with one actor.

    Allowed and refused requests both become ledger events (of digests: no project name, no script).
    Raises NotAllowed with the reason, Unavailable when keys or ledger cannot be used.
    """
    decision = decide(actor, purpose, datetime.datetime.now(datetime.UTC).date())
    facts = {
        "rule": decision.rule,
        "actor_name": actor.name,
        "actor_digest": actor.digest,
        "licence_id": actor.licence.licence_id,
        "purpose": str(purpose),
        "project": hmac.new(derived("project names"), project.encode(), hashlib.sha256).hexdigest()[:32],
        "script_digest": script_digest,
        **({"consent_id": decision.consent_id} if decision.consent_id else {}),
    }
    if not decision.allowed:
        Ledger().record("policy.decision", {**facts, "decision": "deny"})
        raise NotAllowed(decision.reason)
    claims = {
        "actor_name": actor.name,
        "actor_digest": actor.digest,
        "purpose": str(purpose),
        "project": project,
        "script_digest": script_digest,
        "licence_id": actor.licence.licence_id,
        "approval": str(actor.licence.approval),
        "issued_at": now(),
    }
    token = sign_token(claims)
    grant = Grant(
        actor_name=actor.name,
        actor_digest=actor.digest,
        purpose=purpose,
        project=project,
        script_digest=script_digest,
        licence_id=actor.licence.licence_id,
        approval=actor.licence.approval,
        issued_at=claims["issued_at"],
        public_key=public_text(installation_key()),
        token=token,
    )
    allowed = {**facts, "decision": "allow", "grant": grant_digest(grant), "ends_on": decision.ends_on}
    Ledger().record("policy.decision", allowed, [f"grant:{grant_digest(grant)}"])
    return grant


def grant_digest(grant: Grant) -> str:
    """Returns the SHA-256 hex of a grant's token: how the ledger and manifests name it."""
    return hashlib.sha256(grant.token.encode()).hexdigest()


def require_genuine(grants: Sequence[Grant]) -> None:
    """Raises NotAllowed unless each grant was given by this installation, is in its ledger and its licence runs."""
    if not grants:
        raise NotAllowed("Nothing is released without a grant; ask rights.authorise for one.")
    own, today = public_text(installation_key()), now()[:10]
    for grant in grants:
        grant.__post_init__()  # a grant whose fields were forced after it was made is caught here
        entries = Ledger().find(f"grant:{grant_digest(grant)}")
        if grant.public_key != own or not entries or not Ledger().proves(entries[0]):
            raise NotAllowed("This grant was not given by this installation; ask rights.authorise for one.")
        ends_on = str(entries[0].event["ends_on"])
        if ends_on and ends_on < today:
            raise NotAllowed(f"The licence behind this grant ended on {ends_on}; ask the licensor to renew it.")
        for consent_id in str(entries[0].event.get("consent_id", "")).split():
            if withdrawn(consent_id):
                raise NotAllowed(f"The person withdrew the consent {consent_id}; nothing made under it is released.")
