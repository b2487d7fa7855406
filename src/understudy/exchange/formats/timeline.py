"""OpenTimelineIO: the film as an edit, for DaVinci Resolve, Premiere, Final Cut, Avid and Blender by OTIO's adapters.

One video track of shots cut from the film, one audio track a character cut from the sound of its take, and markers for
every line and feeling. Times are whole pictures of the film.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from understudy.base.errors import BadInput, MissingExtra
from understudy.exchange.formats.shots import Span, lines, spans, within
from understudy.hub.card import Card
from understudy.hub.departure import Carries, Departure

USUAL_RATES = (25.0, 24.0, 30.0, 50.0, 60.0, 48.0, 24000 / 1001, 30000 / 1001, 60000 / 1001)
_WHOLE = 0.02
"""How far from a whole picture a cut may lie, in pictures."""
_COLOURS = {
    "joy": "YELLOW", "sadness": "BLUE", "anger": "RED", "fear": "PURPLE", "disgust": "GREEN", "surprise": "ORANGE",
    "contempt": "MAGENTA", "tenderness": "PINK",
}  # fmt: skip


class Timeline:
    """The edit of one film; of a single take it is one clip with markers."""

    card: ClassVar[Card] = Card("otio", "OpenTimelineIO: shots, sound a character, markers", "own", needs="extra otio")
    carries: ClassVar[Carries] = Carries.MOTION
    rate_hz: ClassVar[float] = 0.0
    many: ClassVar[bool] = True
    sound: ClassVar[str] = "beside"
    turns: ClassVar[bool] = False

    def write(self, departure: Departure, *, ending: str) -> Mapping[str, bytes]:
        """Returns the .otio. Raises BadInput when cuts fall between pictures, MissingExtra without the extra."""
        try:
            import opentimelineio as otio
        except ImportError as error:
            raise MissingExtra("Writing a timeline", "otio") from error
        rate = departure.rate_hz or _rate(departure)
        _require_whole(departure, rate)
        timeline = otio.schema.Timeline(departure.title, metadata={"understudy": dict(departure.marks)})
        edit = _Edit(otio, departure, rate)
        timeline.tracks.append(edit.pictures())
        for which in range(len(departure.takes)):
            if departure.sounds and departure.sounds[which]:
                timeline.tracks.append(edit.voice(which))
        return {"": (otio.adapters.write_to_string(timeline, "otio_json") + "\n").encode()}


class _Edit:
    """The tracks of one timeline. otio: the library."""

    def __init__(self, otio: Any, departure: Departure, rate: float) -> None:
        self._otio, self._departure, self._rate = otio, departure, rate
        self._cuts: list[tuple[Span, int]] = sorted(
            ((span, which) for which, take in enumerate(departure.takes) for span in spans(take)),
            key=lambda cut: cut[0].film_s,
        )

    def pictures(self) -> Any:
        """Returns the video track: every shot in the order of the film, with its markers."""
        track = self._otio.schema.Track("Picture", kind=self._otio.schema.TrackKind.Video)
        total = max(span.film_s + span.end_s - span.start_s for span, _ in self._cuts)
        media = self._media(self._departure.film, total)
        for span, which in self._cuts:
            self._fill(track, span.film_s)
            source = self._range(span.film_s if self._departure.film else 0.0, span.end_s - span.start_s)
            clip = self._otio.schema.Clip(f"{span.key} {self._who(which)}", media.clone(), source)
            clip.metadata["understudy"] = {"shot": span.key, "actor": self._departure.actors[which].name}
            clip.markers.extend(self._markers(span, which, source.start_time.to_seconds()))
            track.append(clip)
        return track

    def voice(self, which: int) -> Any:
        """Returns the audio track of one take: its sound, cut to where its shots stand in the film."""
        take = self._departure.takes[which]
        track = self._otio.schema.Track(self._who(which), kind=self._otio.schema.TrackKind.Audio)
        media = self._media(self._departure.sounds[which], take.duration_s)
        for span in spans(take):
            self._fill(track, span.film_s)
            source = self._range(span.start_s, span.end_s - span.start_s)
            track.append(self._otio.schema.Clip(f"{span.key} {self._who(which)}", media.clone(), source))
        return track

    def _markers(self, span: Span, which: int, source_s: float) -> list[Any]:
        """Returns markers on the clip's own media: what is said and felt in a shot."""
        take = self._departure.takes[which]
        made = []
        for line in lines(self._departure, which):
            inside = line.start_s - span.film_s
            if -1e-6 <= inside < span.end_s - span.start_s:
                said = {"kind": "line", "character": self._who(which), "text": line.text, "number": line.number}
                made.append(self._marker(line.text, source_s + inside, line.end_s - line.start_s, "CYAN", said))
        for event in within(take, span, "emotion"):
            felt = {"kind": "emotion", "emotion": event.name, "weight": event.value}
            start_s = source_s + event.start_s - span.start_s
            length_s = min(event.end_s, span.end_s) - event.start_s
            name = f"{event.name} {event.value:.2f}"
            made.append(self._marker(name, start_s, length_s, _COLOURS.get(event.name, "WHITE"), felt))
        return made

    def _marker(self, name: str, start_s: float, length_s: float, colour: str, facts: Mapping[str, object]) -> Any:
        return self._otio.schema.Marker(
            name, self._range(start_s, length_s), colour, metadata={"understudy": dict(facts)}
        )

    def _media(self, name: str, duration_s: float) -> Any:
        if not name:
            return self._otio.schema.MissingReference()
        from urllib.parse import quote

        return self._otio.schema.ExternalReference(quote(name), self._range(0.0, duration_s))

    def _fill(self, track: Any, until_s: float) -> None:
        """Adds nothing up to a time, where nothing is there yet."""
        gap = self._pictures(until_s) - round(track.duration().value_rescaled_to(self._rate))
        if gap > 0:
            length = self._otio.opentime.RationalTime(gap, self._rate)
            track.append(self._otio.schema.Gap(duration=length))

    def _range(self, start_s: float, length_s: float) -> Any:
        time = self._otio.opentime
        start, end = self._pictures(start_s), self._pictures(start_s + length_s)
        return time.TimeRange(time.RationalTime(start, self._rate), time.RationalTime(max(1, end - start), self._rate))

    def _pictures(self, time_s: float) -> int:
        return round(time_s * self._rate)

    def _who(self, which: int) -> str:
        return self._departure.actors[which].record.display_name


def _cut_times(departure: Departure) -> Sequence[float]:
    """Returns where shots begin in the film and how long they are, of takes that belong to one."""
    every = [span for take in departure.takes for span in spans(take) if any(e.kind == "shot" for e in take.events)]
    return [time for span in every for time in (span.film_s, span.start_s, span.end_s)]


def _off(times: Sequence[float], rate: float) -> float:
    return max((abs(t * rate - round(t * rate)) for t in times), default=0.0)


def _rate(departure: Departure) -> float:
    """Returns the first usual rate on whose pictures every cut falls."""
    times = _cut_times(departure)
    return next((rate for rate in USUAL_RATES if _off(times, rate) < _WHOLE), USUAL_RATES[0])


def _require_whole(departure: Departure, rate: float) -> None:
    if _off(_cut_times(departure), rate) >= _WHOLE:
        raise BadInput(
            f"The cuts of {departure.title} do not fall on whole pictures at {rate:g} a second; "
            "give the rate of its film with --fps."
        )
    for actor, take in zip(departure.actors, departure.takes, strict=True):
        if len(departure.takes) > 1 and not any(e.kind == "shot" for e in take.events):
            raise BadInput(
                f"The take of {actor.name} does not say where its shots stand in a film; "
                "give the takes that one perform --take wrote."
            )
