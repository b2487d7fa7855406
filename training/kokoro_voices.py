"""Makes the designed voices: mixtures of Kokoro's published styles, small enough to ship.

    npm pack kokoro-js@1.2.1 && tar xf kokoro-js-1.2.1.tgz && python training/kokoro_voices.py package/voices

How a voice sounds and how it reads are mixed apart: `sound` is the first half of a style, `reading` the second.
No mixture is a published voice, save `air`, which breath moves others towards and nobody speaks with.

"""

import sys
from pathlib import Path

import numpy as np

ROWS = (1, 2, 3, 5, 8, 12, 18, 26, 36, 50, 70, 100, 140, 200, 300, 400, 510)
"""Lengths of text that are kept; what lies between is straight."""
HERE = Path(__file__).parents[1] / "src/understudy/voice/data/kokoro_voices.npz"

Mix = dict[str, float]
VOICES: dict[str, tuple[str, Mix, Mix]] = {
    "emi": ("en-US", {"af_heart": 0.5, "af_sarah": 0.3, "af_sky": 0.2}, {"af_heart": 0.7, "af_nova": 0.3}),
    "mei": ("en-US", {"af_jessica": 0.5, "zf_xiaoyi": 0.25, "jf_alpha": 0.25}, {"af_jessica": 0.7, "af_sky": 0.3}),
    "zainab": ("en-US", {"af_kore": 0.5, "af_alloy": 0.5}, {"af_kore": 0.6, "af_alloy": 0.4}),
    "amara": ("en-GB", {"bf_isabella": 0.45, "pf_dora": 0.35, "hf_beta": 0.2}, {"bf_isabella": 0.6, "bf_lily": 0.4}),
    "priya": ("en-GB", {"bf_emma": 0.5, "hf_alpha": 0.3, "hf_beta": 0.2}, {"bf_emma": 0.7, "bf_alice": 0.3}),
    "ingrid": ("en-GB", {"bf_alice": 0.6, "af_aoede": 0.2, "ff_siwis": 0.2}, {"bf_alice": 0.7, "bf_emma": 0.3}),
    "jonah": ("en-US", {"am_michael": 0.6, "am_fenrir": 0.4}, {"am_michael": 0.7, "am_fenrir": 0.3}),
    "kenji": ("en-US", {"am_echo": 0.45, "jm_kumo": 0.35, "am_liam": 0.2}, {"am_echo": 0.6, "am_liam": 0.4}),
    "rafael": ("en-US", {"am_eric": 0.45, "em_alex": 0.35, "im_nicola": 0.2}, {"am_eric": 0.6, "am_puck": 0.4}),
    "tane": ("en-US", {"am_onyx": 0.6, "am_adam": 0.4}, {"am_onyx": 0.6, "am_adam": 0.4}),
    "callum": ("en-GB", {"bm_fable": 0.4, "bm_daniel": 0.4, "am_puck": 0.2}, {"bm_fable": 0.6, "bm_daniel": 0.4}),
    "walter": ("en-GB", {"bm_george": 0.6, "bm_lewis": 0.25, "am_santa": 0.15}, {"bm_george": 0.6, "bm_lewis": 0.4}),
    "us-woman-young": ("en-US", {"af_nova": 0.6, "af_bella": 0.4}, {"af_nova": 0.6, "af_bella": 0.4}),
    "us-woman": ("en-US", {"af_river": 0.5, "af_aoede": 0.3, "af_heart": 0.2}, {"af_aoede": 0.6, "af_heart": 0.4}),
    "us-woman-old": ("en-US", {"af_alloy": 0.5, "af_sarah": 0.3, "bf_alice": 0.2}, {"af_sarah": 0.6, "af_alloy": 0.4}),
    "us-man-young": ("en-US", {"am_liam": 0.5, "am_puck": 0.5}, {"am_puck": 0.6, "am_michael": 0.4}),
    "us-man": ("en-US", {"am_adam": 0.5, "am_eric": 0.3, "am_michael": 0.2}, {"am_michael": 0.6, "am_eric": 0.4}),
    "us-man-old": ("en-US", {"am_onyx": 0.5, "am_santa": 0.2, "am_echo": 0.3}, {"am_onyx": 0.5, "am_michael": 0.5}),
    "gb-woman-young": ("en-GB", {"bf_lily": 0.6, "bf_emma": 0.4}, {"bf_lily": 0.5, "bf_emma": 0.5}),
    "gb-woman": ("en-GB", {"bf_isabella": 0.4, "bf_emma": 0.3, "bf_alice": 0.3}, {"bf_emma": 0.6, "bf_isabella": 0.4}),
    "gb-woman-old": ("en-GB", {"bf_alice": 0.6, "bf_lily": 0.2, "af_kore": 0.2}, {"bf_alice": 0.6, "bf_isabella": 0.4}),
    "gb-man-young": ("en-GB", {"bm_daniel": 0.6, "am_liam": 0.4}, {"bm_daniel": 0.6, "bm_fable": 0.4}),
    "gb-man": ("en-GB", {"bm_daniel": 0.4, "bm_lewis": 0.3, "bm_fable": 0.3}, {"bm_fable": 0.5, "bm_george": 0.5}),
    "gb-man-old": ("en-GB", {"bm_lewis": 0.6, "bm_george": 0.4}, {"bm_george": 0.5, "bm_lewis": 0.5}),
    "es-woman": ("es-ES", {"ef_dora": 0.7, "af_heart": 0.3}, {"ef_dora": 0.8, "af_heart": 0.2}),
    "es-man": ("es-ES", {"em_alex": 0.6, "am_michael": 0.4}, {"em_alex": 0.8, "em_santa": 0.2}),
    "it-woman": ("it-IT", {"if_sara": 0.7, "af_sarah": 0.3}, {"if_sara": 0.8, "af_heart": 0.2}),
    "it-man": ("it-IT", {"im_nicola": 0.7, "am_michael": 0.3}, {"im_nicola": 0.8, "am_michael": 0.2}),
    "fr-woman": ("fr-FR", {"ff_siwis": 0.7, "bf_emma": 0.3}, {"ff_siwis": 0.85, "af_heart": 0.15}),
    "fr-man": ("fr-FR", {"im_nicola": 0.4, "bm_daniel": 0.4, "ff_siwis": 0.2}, {"ff_siwis": 0.7, "am_michael": 0.3}),
    "air": ("en-US", {"af_nicole": 1.0}, {"af_nicole": 1.0}),
}
"""Name -> language, how it sounds, how it reads: the house cast; others by accent, sex and age; a woman and a man for
each further language."""


def main(folder: Path) -> None:
    tables = []
    for _, sound, reading in VOICES.values():
        both = np.concatenate([mixed(folder, sound)[:, :128], mixed(folder, reading)[:, 128:]], axis=1)
        tables.append(both[np.array(ROWS) - 1])
    np.savez_compressed(
        HERE,
        names=np.array(list(VOICES)),
        languages=np.array([language for language, _, _ in VOICES.values()]),
        lengths=np.array(ROWS, np.int16),
        tables=np.array(tables, np.float16),
    )
    print(f"{HERE.name}: {len(VOICES)} voices, {HERE.stat().st_size} bytes")


def mixed(folder: Path, mix: Mix) -> np.ndarray:
    total = sum(mix.values())
    return sum(w / total * np.fromfile(folder / f"{n}.bin", np.float32).reshape(-1, 256) for n, w in mix.items())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
