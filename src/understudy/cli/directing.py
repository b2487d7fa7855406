"""`act`, `direct`, `edit`: takes are made, changed by a note, and changed by hand."""

from pathlib import Path
from typing import Annotated, Any

import typer

from understudy.cli.options import Output, SeedValue, assignments

TakeFile = Annotated[Path, typer.Argument(help="A .take.", show_default=False)]
EditsFrom = Annotated[
    Path | None, typer.Option("--edits", help="Lay the curve edits of this take on the result.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(act)
    app.command()(direct)
    app.command()(edit)


def act(
    script: Annotated[Path, typer.Argument(help="A Fountain screenplay or plain text.", show_default=False)],
    output: Output,
    actor: Annotated[
        list[str] | None, typer.Option("--actor", help="NAME, or CHARACTER=NAME; may be given several times.")
    ] = None,
    engine: Annotated[str, typer.Option("--engine", help="Engine or engine/voice; see understudy doctor.")] = "",
    seed: SeedValue = 0,
    lexicon: Annotated[Path | None, typer.Option("--lexicon", help="How names are said.")] = None,
    edits: EditsFrom = None,
) -> None:
    """Play a script without drawing it: a take, one a character."""
    from understudy.hub.script import Script
    from understudy.production.act import ActOptions, save
    from understudy.production.act import act as make

    named_take(output)
    text = Script.open(script)
    for remark in text.remarks:
        typer.echo(f"note: {remark}", err=True)
    options = ActOptions(seed=seed, engine=engine, lexicon=lexicon_beside(script, lexicon), edits=edits_of(edits) or ())
    takes = make(text, actors=assignments(actor or []), options=options)
    for path, (character, take) in zip(save(takes, output), takes.items(), strict=True):
        typer.echo(f"{path}: {character} by {take.actor_name}, {take.duration_s:.1f} s.")
    typer.echo(f"Change it: understudy direct {path} --note 'less angry, slower' -o take2.take")


def direct(
    take: TakeFile,
    output: Output,
    note: Annotated[str, typer.Option("--note", help="What is to be different, in words.", show_default=False)],
    actor: Annotated[str, typer.Option("--actor", help="Who plays it; without it, whoever it was made for.")] = "",
    edits: EditsFrom = None,
) -> None:
    """Change a take by a director's note; what the note does not touch stays the same."""
    from understudy.hub.performance import Performance
    from understudy.production.directing import direct as make

    named_take(output)
    before = Performance.open(take)
    made = make(before, note, actor=actor, edits=edits_of(edits))
    for sentence in made.understood:
        typer.echo(f"understood  {sentence}")
    for remark in made.remarks:
        typer.echo(f"note: {remark}", err=True)
    made.take.save(output)
    typer.echo(f"{output}, {made.take.duration_s:.1f} s (was {before.duration_s:.1f} s).")
    typer.echo(f"Compare: understudy diff {take} {output}")


def edit(
    take: TakeFile,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The .take to write.")] = None,
    channel: Annotated[
        str, typer.Option("--channel", help="ARKit name, head.pitch, ...; browDown is both sides.")
    ] = "",
    start: Annotated[float | None, typer.Option("--from", help="Second where the edit begins.")] = None,
    end: Annotated[float | None, typer.Option("--to", help="Second where it ends.")] = None,
    add: Annotated[str, typer.Option("--add", help="Add this: 0.3, -5deg.")] = "",
    scale: Annotated[str, typer.Option("--scale", help="Multiply by this: 0.5, 50%.")] = "",
    set_: Annotated[str, typer.Option("--set", help="Hold at this.")] = "",
    ease: Annotated[float, typer.Option("--ease", help="Seconds in which it comes and goes.")] = 0.12,
    insist: Annotated[bool, typer.Option("--insist", help="Over limits, and over the contacts of the lips.")] = False,
    curves: Annotated[
        Path | None, typer.Option("--curves", help="A CSV of curves as an animator saved it: keep what differs.")
    ] = None,
    export: Annotated[
        Path | None, typer.Option("--export", help="Write curves as CSV for an animator (all, or --channel).")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the edits of the take.")] = False,
    remove: Annotated[int | None, typer.Option("--remove", help="Take the edit of this number away.")] = None,
    edits: EditsFrom = None,
) -> None:
    """Change curves by hand, as a layer that survives a re-take."""
    from understudy.base.errors import BadInput
    from understudy.hub.performance import Performance
    from understudy.production import editing

    opened = Performance.open(take)
    hows = {"add": add, "scale": scale, "set": set_}
    given = [how for how, text in hows.items() if text]
    jobs = [bool(given), curves is not None, remove is not None, edits is not None, export is not None, list_]
    if sum(jobs) != 1 or len(given) > 1:
        raise BadInput(
            "Say one thing to do: --add, --scale or --set, or --curves, --export, --edits, --remove, --list."
        )
    if list_:
        for number, layer in enumerate(editing.layers(opened), 1):
            typer.echo(f"{number:3}  {editing.described(opened, layer)}")
        if not editing.layers(opened):
            typer.echo("no edits")
        return
    if export is not None:
        editing.write_curves(opened, export, [channel] if channel else [])
        typer.echo(f"{export}: edit it, then: understudy edit {take} --curves {export} -o edited.take")
        return
    if output is None:
        raise BadInput("The take is not changed in place; add -o NAME.take.")
    named_take(output)
    remarks: tuple[str, ...] = ()
    if given:
        if not channel or start is None or end is None:
            raise BadInput("An edit needs a channel and a time: --channel browInnerUp --from 1.2 --to 1.8.")
        amount = editing.amount_of(hows[given[0]])
        made = editing.edit(
            opened, channel, start_s=start, end_s=end, how=given[0], amount=amount, ease_s=ease, insist=insist
        )
    elif curves is not None:
        made = editing.import_curves(opened, curves, insist=insist)
    elif edits is not None:
        laid = editing.edited(opened, edits_of(edits) or ())
        made, remarks = laid.take, laid.remarks
    else:
        made = editing.without_edit(opened, remove or 0)
    for remark in remarks:
        typer.echo(f"note: {remark}", err=True)
    made.save(output)
    for number, layer in enumerate(editing.layers(made), 1):
        typer.echo(f"{number:3}  {editing.described(made, layer)}")
    typer.echo(f"{output}, {len(editing.layers(made))} edits.")


def named_take(path: Path) -> None:
    """Raises BadInput unless the path can name a take."""
    from understudy.base.errors import BadInput

    if path.suffix != ".take":
        raise BadInput(f"{path.name} is not the name of a take; end it in .take.")


def edits_of(path: Path | None) -> Any:
    """Returns the edits of a take, None when no take is named. Raises BadInput when it has none."""
    from understudy.base.errors import BadInput
    from understudy.hub.performance import Performance
    from understudy.production.editing import layers

    if path is None:
        return None
    found = layers(Performance.open(path))
    if not found:
        raise BadInput(
            f"{path} has no edits; make one with: understudy edit {path} --channel browInnerUp --add 0.3 ..."
        )
    return found


def lexicon_beside(script: Path, lexicon: Path | None) -> dict[str, str]:
    """Returns the words of a lexicon: the one named, else lexicon.txt beside the script."""
    from understudy import voice

    beside = script.parent / "lexicon.txt"
    chosen = lexicon or (beside if beside.is_file() else None)
    return voice.read_lexicon(chosen) if chosen else {}
