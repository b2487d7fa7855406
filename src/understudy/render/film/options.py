"""How the film look works: one dataclass, with what each quality sets."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class TraceOptions:
    """Options of the film look; `of` gives those of a quality."""

    quality: str = "good"
    """draft, good or best."""
    samples: int = 8
    """Paths a pixel; the first picture after a cut or a stop gets twice as many."""
    scale: float = 1.0
    """Traced pixels for each pixel of the picture, along a side."""
    scatter: str = "RANDOM_WALK"
    """How light goes through skin: RANDOM_WALK, RANDOM_WALK_SKIN or BURLEY."""
    bounces: int = 4
    """How often light may turn in all."""
    diffuse_bounces: int = 1
    """How often it may turn on rough things."""
    fast_gi: bool = False
    """Whether light that came round a corner twice is guessed instead of traced."""
    least_strand_px: float = 0.4
    """Hairs thinner than this share of a pixel are drawn fewer and thicker."""
    as_traced: float = 0.5
    """Share of the albedo that guides the denoiser as it was traced: hairs thinner than a pixel are gone from a cleaned
    one, and with them from the picture; with few paths it brings noise of its own."""
    temporal: float = 0.8
    """Share of the picture before, where it shows the same; 0 turns the temporal denoiser off."""
    motion_blur: bool = True
    """Whether what moves is blurred along its way."""
    aperture: float = 0.5
    """Opening of the lens on the actor as a share of the set's; 0: everything of the actor is sharp."""
    threads: int = 0
    """Processor threads, 0 = all."""
    python: str = ""
    """A Python that can import bpy; '' = UNDERSTUDY_BLENDER_PYTHON, else this one."""

    @staticmethod
    def of(quality: str) -> "TraceOptions":
        """Returns the options of draft, good or best."""
        base = TraceOptions(quality)
        if quality == "draft":
            return replace(base, samples=4, scale=0.8, least_strand_px=0.5, scatter="BURLEY", as_traced=0.25)
        if quality == "best":
            return replace(
                base, samples=64, diffuse_bounces=2, bounces=6, least_strand_px=0.2, temporal=0.5, as_traced=0.85
            )
        return base
