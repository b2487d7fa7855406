"""A body on its way out says whose it is: what it is, its licence and that no person is in it, inside the file."""

from collections.abc import Mapping

from understudy.exchange.draft import Draft
from understudy.hub.actor import Actor
from understudy.hub.glb import read_glb
from understudy.hub.rights import ApprovalLevel


def tagged_glb(actor: Actor, marks: Mapping[str, str], *, private: bool = False) -> bytes:
    """Returns the actor's GLB with `asset.copyright` and its marks in `asset.extras.understudy`.

    private: keep what only this engine reads (strand directions, wrinkle shares). Blender 5.0 cannot
    open a mesh with two attributes of an application's own.
    """
    draft = Draft(read_glb(actor.body_glb, f"The body of {actor.name}"))
    if not private:
        for mesh in draft.json["meshes"]:
            for primitive in mesh["primitives"]:
                for name in [name for name in primitive["attributes"] if name.startswith("_")]:
                    del primitive["attributes"][name]
    # guide strands are named by the numbers of their buffer views, which do not survive the writing
    draft.json.get("extras", {}).get("understudy", {}).pop("grooms", None)
    asset = draft.json.setdefault("asset", {"version": "2.0"})
    asset["copyright"] = copyright_of(actor)
    extras = asset.get("extras") or {}
    # what the body says of itself stays: that it has a person's face
    asset["extras"] = {**extras, "understudy": {**(extras.get("understudy") or {}), **marks}}
    return draft.save()


def copyright_of(actor: Actor) -> str:
    """Returns one line: who this is, whether anybody real is seen, and on whose licence it leaves."""
    name, terms = actor.record.display_name, actor.licence
    who = "a fully synthetic actor"
    if actor.shows_person:
        who = f"an actor made from a video of a person: {terms.approval}"
    elif terms.approval is not ApprovalLevel.FULLY_SYNTHETIC:
        who = f"a synthetic actor whose voice is matched to a person's: {terms.approval}"
    return f"{name}, {who}. Licence {terms.licence_id} by {terms.licensor}."
