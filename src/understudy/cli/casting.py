"""`cast`: words, variations, blends and edits become actors; `cast build`, `house`, `latents`, `distance` beside it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from understudy.base.errors import BadInput
from understudy.cli.options import Output

if TYPE_CHECKING:
    from understudy.casting.calling import Candidate

_CALL = "call"


class _WordsOrCommand(typer.core.TyperGroup):
    """`cast "a woman of thirty"` and `cast build ada.toml`: what is no command of the group is a brief."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, "--help", "-h"):
            args = [_CALL, *args]
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        formatter.write_usage(ctx.command_path, '"WORDS" -o NAME.actor | COMMAND ...')


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    cast = typer.Typer(
        cls=_WordsOrCommand,
        no_args_is_help=True,
        help='Make actors (extra [cast]): cast "a woman of thirty, freckles, auburn bob, tired eyes" -o ada.actor.',
    )
    cast.command(_CALL, help="What cast does with words; also --like, --blend and --set.")(call)
    cast.command("build")(build)
    cast.command("house")(house)
    cast.command("latents")(latents)
    cast.command("distance")(distance)
    app.add_typer(cast, name="cast")


def call(
    words: Annotated[list[str] | None, typer.Argument(help="A brief in plain words.", show_default=False)] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The .actor to make.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Another seed, another person of the same words.")] = None,
    number: Annotated[int, typer.Option("-n", "--number", help="How many candidates.", min=1, max=24)] = 1,
    sheet: Annotated[Path | None, typer.Option("--sheet", help="One marked picture of all candidates.")] = None,
    recipe_only: Annotated[Path | None, typer.Option("--recipe-only", help="Write the recipe, build nobody.")] = None,
    like: Annotated[str, typer.Option("--like", help="Vary this actor, recipe or house name.")] = "",
    amount: Annotated[float, typer.Option("--amount", help="How far --like goes; 0.3 is a sibling.")] = 0.3,
    blending: Annotated[
        tuple[str, str, float] | None, typer.Option("--blend", help="Two actors and the share of the second.")
    ] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="age=60 jaw-width=-0.3 hair.style=bob; with words or on an actor.")
    ] = None,
    name: Annotated[str, typer.Option("--name", help="What the actor is called; else the name of the file.")] = "",
) -> None:
    """Cast an actor from words, from another actor, or from two."""
    brief, settings = _sorted(list(words or []), list(setting or []))
    called = name or (output.stem if output else recipe_only.stem if recipe_only else "")
    own = name if _is_person(brief) else called  # an edited actor keeps its name
    candidates = _candidates(brief, seed, number, like, amount, blending, settings, own)
    if not (output or sheet or recipe_only):
        raise BadInput("Nothing is made; add -o NAME.actor, --sheet PICTURE.png or --recipe-only NAME.toml.")
    if number > 1 and (output or recipe_only):
        raise BadInput("-n draws several candidates, and a file holds one; add --sheet, then cast one with its --seed.")
    _story(candidates)
    if recipe_only:
        recipe_only.write_text(candidates[0].text, "utf-8")
        typer.echo(
            f"{recipe_only}: the recipe; build it with: understudy cast build {recipe_only} -o {recipe_only.stem}.actor"
        )
    if sheet or output:
        _make(candidates, sheet, output)


def build(
    recipe: Annotated[Path, typer.Argument(help="A recipe (.toml).", show_default=False)],
    output: Output,
) -> None:
    """Build an actor from a recipe."""
    from understudy.production.hire import hire

    _built(output, hire(recipe, output, tell=_tell))


def house(
    names: Annotated[list[str] | None, typer.Argument(help="Of the house cast.", show_default=False)] = None,
    everyone: Annotated[bool, typer.Option("--all", help="All who do not ship built.")] = False,
) -> None:
    """Build house actors into your own folder, where every command finds them by name."""
    from understudy.hub.actor import Actor, house_actors, house_recipes
    from understudy.production.hire import build_house

    wanted = [n for n in house_recipes() if n not in house_actors()] if everyone else list(names or [])
    if not wanted:
        raise BadInput(f"Name who is to be built, or say --all; the house cast is {', '.join(house_recipes())}.")
    for each in wanted:
        to = build_house(each, tell=_tell)
        _built(to, Actor.open(to))


def latents() -> None:
    """List the named directions in which a person can be changed with --set."""
    from understudy.casting.latents import latents as known

    typer.echo(f"{'age':16} 18 .. 92      Years: shape, skin, hair and lips age and grow young together.")
    for latent in known().values():
        typer.echo(f"{latent.name:16} {latent.lowest:4g} .. {latent.highest:<7g} {latent.words}")


def distance(
    first: Annotated[str, typer.Argument(help="A house name, .actor or .toml.", show_default=False)],
    second: Annotated[str, typer.Argument(help="Another.", show_default=False)],
) -> None:
    """Say how far apart two people are: 0 is the same, about 1 unrelated."""
    from understudy.casting.identity import NEAR_TWIN
    from understudy.production.audition import apart

    far = apart(first, second)
    near = f"near-twins lie below {NEAR_TWIN:g}"
    typer.echo(f"{first} and {second} are {far:.3f} apart (0 the same, about 1 unrelated; {near}).")


def _candidates(
    brief: str,
    seed: int | None,
    number: int,
    like: str,
    amount: float,
    blending: tuple[str, str, float] | None,
    settings: list[str],
    name: str,
) -> "list[Candidate]":
    from understudy import casting
    from understudy.production.audition import person

    if sum([bool(brief), bool(like), blending is not None]) > 1 and not _is_person(brief):
        raise BadInput("Words, --like and --blend are three ways to begin; take one of them.")
    if like:
        model = person(like)
        seeds = range(seed or 1, (seed or 1) + number)
        return [casting.call_like(model, amount=amount, seed=s, name=name, settings=settings) for s in seeds]
    if blending is not None:
        first, second, share = blending
        return [casting.call_blend(person(first), person(second), share, name=name, settings=settings)]
    if _is_person(brief):
        return [casting.call_edited(person(brief), settings, name=name)]
    if not brief:
        raise BadInput('Say who: understudy cast "a woman of thirty, freckles, auburn bob" -o ada.actor.')
    first_one = casting.call_words(brief, seed=seed, name=name, settings=settings)
    rest = range(first_one.seed + 1, first_one.seed + number)
    return [first_one, *(casting.call_words(brief, seed=s, name=name, settings=settings) for s in rest)]


def _sorted(words: list[str], settings: list[str]) -> tuple[str, list[str]]:
    """Takes settings that follow the first --set out of the words: --set age=60 jaw-width=-0.3."""
    loose = [word for word in words if settings and "=" in word and " " not in word]
    return ", ".join(word for word in words if word not in loose), settings + loose


def _is_person(brief: str) -> bool:
    return Path(brief).suffix in (".actor", ".toml") and " " not in brief.strip()


def _story(candidates: "list[Candidate]") -> None:
    """Says what was understood, what was guessed and which word won."""
    first = candidates[0]
    if first.understood:
        said = [words for words, _ in first.understood]
        # 'eyes' is said once more in 'tired eyes'
        whole = [words for words in said if not any(words != other and f" {words} " in f" {other} " for other in said)]
        typer.echo("understood  " + ", ".join(whole))
    for remark in first.remarks:
        typer.echo(f"remark      {remark}.")
    for candidate in candidates:
        typer.echo(f"seed {candidate.seed:<7}{candidate.name}, {candidate.age}")
        if candidate.guessed:
            typer.echo("  guessed   " + "; ".join(f"{what} {how}" for what, how in candidate.guessed))


def _make(candidates: "list[Candidate]", sheet: Path | None, output: Path | None) -> None:
    from understudy.production.audition import compare, contact_sheet, engage, everybody

    people = everybody()
    kept: list[Any] = []
    for candidate in candidates:
        try:
            near = compare(candidate, people)
        except BadInput as twin:
            if len(candidates) == 1:
                raise
            typer.echo(f"left out    seed {candidate.seed}: {twin}")
            continue
        kept.append(candidate)
        shown = "  ".join(f"{each.name} {each.distance:.2f}" for each in near)
        typer.echo(f"distances   {candidate.name} (seed {candidate.seed}): {shown}")
    if sheet and kept:
        released = contact_sheet(kept, sheet, tell=_tell)
        typer.echo(f"{sheet}: {len(kept)} candidates, marked and recorded, ledger entry {released.ledger_index}.")
    if output:
        _built(output, engage(kept[0], output, tell=_tell))


def _built(path: Path, actor: Any) -> None:
    size = path.stat().st_size / 1e6
    typer.echo(f"{path}: {actor.record.display_name}, {size:.1f} MB, digest {actor.digest[:16]}.")


def _tell(words: str) -> None:
    typer.echo(words, err=True)
