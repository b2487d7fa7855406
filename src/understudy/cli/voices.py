"""`voice`: says words; `voice match`, `voice give`: a person's voice, with their consent. `consent`: that consent."""

from pathlib import Path
from typing import Annotated, Any

import typer

from understudy.cli.acting import voice as say
from understudy.cli.options import Output

_SAY = "say"


class _WordsOrCommand(typer.core.TyperGroup):
    """`voice "The storm is coming."` and `voice match her.wav`: what is no command of the group is said."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, "--help", "-h"):
            args = [_SAY, *args]
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        formatter.write_usage(ctx.command_path, '"WORDS" -o FILE.wav | COMMAND ...')


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    voice = typer.Typer(cls=_WordsOrCommand, no_args_is_help=True, help="Say a sentence; match a voice, with consent.")
    voice.command(_SAY, help="What voice does with words: it becomes a sound file.")(say)
    voice.command("match")(match)
    voice.command("give")(give)
    app.add_typer(voice, name="voice")
    consent = typer.Typer(no_args_is_help=True, help="A person's leave for their voice or face: write, sign, withdraw.")
    consent.command("key")(key)
    consent.command("sign")(sign)
    consent.command("trust")(trust)
    consent.command("withdraw")(withdraw)
    app.add_typer(consent, name="consent")


def match(
    sample: Annotated[Path, typer.Argument(help="6 to 120 s of one voice alone.", show_default=False)],
    output: Output,
    consent: Annotated[Path | None, typer.Option("--consent", help="The person's signed consent (.jws).")] = None,
    language: Annotated[str, typer.Option("--language", help="en-US or en-GB.")] = "en-US",
) -> None:
    """Bring a voice near to a person's, who has signed for it: voice matching, not a copy."""
    from understudy.production.voicing import match_voice

    made = match_voice(sample, output, consent=read_consent(consent), language=language)
    typer.echo(f"{output}: voice matching, not a copy. Allowed by {made.consent_id} until {made.ends_on}.")
    typer.echo(
        f"similarity {made.similarity:.2f} (the nearest house voice, {made.nearest}: {made.before:.2f}; one speaker "
        "twice: about 0.9; two strangers: about 0.2)"
    )
    typer.echo(f"Give it to an actor: understudy voice give {output} ACTOR -o NAME.actor")


def give(
    likeness: Annotated[Path, typer.Argument(help="A .voice.", show_default=False)],
    actor: Annotated[str, typer.Argument(help="An actor whose face is nobody's.", show_default=False)],
    output: Output,
) -> None:
    """Give a matched voice to an actor; its licence then ends with the consent."""
    from understudy.production.voicing import give_voice

    made = give_voice(likeness, actor, output)
    terms = made.licence
    typer.echo(f"{output}: {made.record.display_name}, digest {made.digest[:16]}.")
    typer.echo(f"{terms.approval}: {', '.join(terms.purposes)}, until {terms.ends_on}.")


def key(
    output: Annotated[Path, typer.Argument(help="The key file to make, such as ann.pem.", show_default=False)],
) -> None:
    """Make the key of a person or an agency; whoever has the file can sign for them."""
    from understudy import rights

    public = rights.new_signer(output)
    typer.echo(f"{output}: keep it, and give it to nobody. Whoever makes the voice runs, once they know you:")
    # one key in 64 begins as an option does
    typer.echo(f"  understudy consent trust {output.stem} {'-- ' * public.startswith('-')}{public}")


def sign(
    sample: Annotated[Path, typer.Argument(help="The one recording or video it is for.", show_default=False)],
    person: Annotated[str, typer.Option("--person", help="Who speaks or is seen in it.", show_default=False)],
    purposes: Annotated[
        list[str], typer.Option("--use", help="scripted, live_conversation, advertising.", show_default=False)
    ],
    uses: Annotated[str, typer.Option("--for", help="What for, in plain words.", show_default=False)],
    ends_on: Annotated[str, typer.Option("--until", help="The last day, as 2027-05-31.", show_default=False)],
    signer: Annotated[Path, typer.Option("--key", help="The person's key; understudy consent key.")],
    output: Output,
    covers: Annotated[str, typer.Option("--covers", help="voice, face, or voice,face.")] = "voice",
    agreed: Annotated[bool, typer.Option("--i-agree", help="The text was read, and the person agrees.")] = False,
) -> None:
    """Show what a person would sign, and with --i-agree sign it with their own key."""
    from understudy import rights
    from understudy.base.errors import BadInput, Unavailable
    from understudy.production.voicing import sample_digest

    consent = rights.write_consent(
        person=person,
        sample_sha256=sample_digest(sample),
        purposes=tuple(_purpose(word) for word in purposes),
        uses=uses,
        ends_on=ends_on,
        covers=tuple(part.strip() for part in covers.split(",")),
    )
    typer.echo(consent.text)
    if not agreed:
        raise BadInput("Nothing is signed yet; read the text above, and add --i-agree when the person agrees to it.")
    token = rights.sign_consent(consent, rights.read_signer(signer))
    try:
        output.write_text(token + "\n")
    except OSError as error:
        raise Unavailable(f"{output} cannot be written ({error.strerror}); choose a folder of yours.") from error
    typer.echo(f"{output}: {consent.consent_id}, signed.")


def trust(
    name: Annotated[str, typer.Argument(help="Whose key it is, in plain letters.", show_default=False)],
    public: Annotated[str, typer.Argument(help="The public key they gave you.", show_default=False)],
) -> None:
    """Count a person's or an agency's signature from now on; make sure first that it is theirs."""
    from understudy import rights

    typer.echo(f"{name} is trusted here, key {rights.trust_licensor(public, name)}.")


def withdraw(
    consent: Annotated[str, typer.Argument(help="A consent's id, or its file.", show_default=False)],
) -> None:
    """Note that a person took their consent back: nothing is granted or released under it here again."""
    from understudy import rights

    path = Path(consent)
    found = rights.consent_named(read_consent(path)) if path.is_file() else consent
    rights.withdraw(found)
    typer.echo(f"{found} is withdrawn here.")


def read_consent(path: Path | None) -> str:
    """Returns a signed consent, '' when none is given. Raises BadInput."""
    from understudy.base.errors import BadInput

    if path is None:
        return ""
    if not path.is_file():
        raise BadInput(f"There is no consent at {path}; the person makes one with: understudy consent sign.")
    return path.read_text(encoding="utf-8", errors="replace").strip()


def _purpose(word: str) -> Any:
    from understudy.base.errors import UnknownName
    from understudy.hub.rights import Purpose

    try:
        return Purpose(word)
    except ValueError:
        raise UnknownName("purpose", word, [purpose.value for purpose in Purpose]) from None
