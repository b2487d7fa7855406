"""Trains the ear, the small net that tells phones from sound (src/understudy/voice/ear.onnx).

    python training/ear_voices.py voices/ --count 1000                      # Flite's four and Pico's two
    python training/ear_mixtures.py package/voices mixed/ --minutes 7       # Kokoro
    python training/ear_network.py voices/ mixed/ ear.onnx                  # torch and onnx; ten minutes on one core
    python benchmarks/ear.py held/ --ear ear.onnx

What it learns from: synthetic voices, bent at every step into others. Time is stretched, the mel axis warped and bent
(other tracts), formants made sharper and duller, the spectrum tilted at random, rooms smeared over it, noise of many
colours added down to 5 dB, the band cut as telephones and codecs do, the level moved over 40 dB, silence put between,
bands and moments blanked. Labels come DELAY frames late, so that a causal net may look that far ahead. Besides which
phone it is, the net is asked whether the lips are shut, because a lip that shuts for nothing is seen.

A net that is there can be learned on (--learned, --width). The one that ships was made in three runs: 1500 steps on
145 minutes of Flite, Pico and a few Kokoro mixtures; from there 450 (--rate 1e-3 --seed 4, 112 wide) and 600 (--rate
1.5e-3 --seed 5, 160 wide) on 53 minutes of Flite and Pico and 6 to 7 of 180 mixtures of Kokoro. The first and the last
of the three speak together, 0.4 to 0.6 (`training/ear_pair.py`): alone the last forgets some voices of the first.
Licences of the voices: Flite BSD-like, Pico Apache-2.0, Kokoro Apache-2.0. Left out: Piper's joe (recordings CC0, but
tuned from a voice whose recordings are for research only), and all recordings of people, which only measure.

Never heard in training, frames right alone, before the last two runs and after (benchmarks/ear.py): four of Kokoro's
published voices .529, .589 (the first net heard mixtures that may have some of them); Piper's joe .592, .600; people:
telephone prompts .434, .483; five of GRID .674, .719; fast speech .324, .355. Heard closures for nothing: .36, .28;
.21, .15; .50, .41; .27, .27; .61, .63. The share of the pair was not searched for; GRID and the telephone prompts were
looked at while choosing.

Voices named with --hold are never trained on; the frame accuracy printed at the end is theirs, silence left out.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from scipy.signal import lfilter
from torch import Tensor, nn
from torch.nn import functional

from understudy.voice.ear import (
    BANDS,
    CONTEXT,
    DELAY,
    FLOOR,
    FRAME_S,
    HOP,
    MEMORY_FRAMES,
    NAMES,
    PRIOR_FRAMES,
    SCALE,
    WINDOW,
    mel_power,
)

Floats = npt.NDArray[np.float32]
Said = tuple[Floats, npt.NDArray[np.int64], str]

WIDTH, DILATIONS = 160, (1, 2, 4, 8, 16)
FRAMES, BATCH = 320, 20
SILENT = NAMES.index("SIL")
LIPS = (("P", "B", "M"), ("F", "V"))
"""Whether one of these sounds is asked of the net besides which phone it is: a lip that shuts for nothing is seen."""
LIPS_WEIGHT = 0.7


class Net(nn.Module):
    """A convolution of five frames and five dilated ones of three; (n, frames + CONTEXT, 40) -> (n, frames, 40)."""

    def __init__(self, width: int = WIDTH) -> None:
        super().__init__()
        self.c = nn.Conv1d(BANDS, width, 5)
        self.b = nn.ModuleList(nn.Conv1d(width, width, 3, dilation=d) for d in DILATIONS)
        self.n = nn.ModuleList(nn.BatchNorm1d(width) for _ in DILATIONS)
        self.o = nn.Conv1d(width, len(NAMES), 1)

    def forward(self, features: Tensor) -> Tensor:
        y = functional.relu(self.c(features.transpose(1, 2)))
        for layer, norm, dilation in zip(self.b, self.n, DILATIONS, strict=True):
            y = y[:, :, 2 * dilation :] + functional.relu(norm(layer(y)))
        return self.o(y).transpose(1, 2)

    def learned(self, path: Path) -> None:
        """Begins from a net that was written by `export`, as wide or narrower: what is new in it says nothing at first.

        The norms of the old are part of its convolutions and stay there.
        """
        import onnx
        from onnx import numpy_helper

        graph = onnx.load(str(path)).graph
        kept = {i.name: torch.tensor(numpy_helper.to_array(i).copy()) for i in graph.initializer}
        named = [[kept[name] for name in node.input[1:]] for node in graph.node if node.op_type == "Conv"]
        with torch.no_grad():
            for layer, (weight, bias) in zip((self.c, *self.b, self.o), named, strict=True):
                rows, columns = weight.shape[:2]
                layer.weight[:rows, columns:] = 0.0
                layer.weight[:rows, :columns] = weight
                layer.bias[:rows] = bias
        self.n = nn.ModuleList(nn.Identity() for _ in DILATIONS)


def lips_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Returns the cross-entropy of each class of LIPS against all other phones."""
    logs = functional.log_softmax(logits, -1)
    loss = torch.zeros(())
    for names in LIPS:
        columns = [NAMES.index(n) for n in names]
        theirs = torch.isin(labels, torch.tensor(columns))
        yes = torch.logsumexp(logs[..., columns], -1)
        no = torch.logsumexp(logs[..., [i for i in range(len(NAMES)) if i not in columns]], -1)
        loss = loss - torch.where(theirs, yes, no).mean()
    return loss


def load(folder: Path) -> list[Said]:
    """Returns (mel power, column of NAMES a frame, voice) of every clause."""
    said: list[Said] = []
    for path in sorted(folder.glob("*.npz")):
        kept = np.load(path)
        samples = np.pad(kept["samples"].astype(np.float32) / 32768, WINDOW // 2)
        power = mel_power(samples, (len(samples) - WINDOW) // HOP + 1).astype(np.float32)
        labels = np.full(len(power), SILENT)
        for name, start, end in zip(kept["names"], kept["starts"], kept["ends"], strict=True):
            labels[round(start / FRAME_S) : round(end / FRAME_S)] = NAMES.index(str(name))
        said.append((power, labels, str(kept["voice"])))
    return said


def levelled(power: Floats, usual: npt.NDArray[np.float64]) -> Floats:
    """Returns the features of `voice.ear`: log bands less their running mean."""
    bands = np.log(power + FLOOR)
    keep = np.exp(-1 / MEMORY_FRAMES)
    weights = (1 - keep ** np.arange(1, len(bands) + 1)) / (1 - keep)
    mean = (lfilter([1.0], [1.0, -keep], bands, axis=0) + PRIOR_FRAMES * usual) / (weights[:, None] + PRIOR_FRAMES)
    return np.asarray((bands - mean) / SCALE, np.float32)


def bent(
    power: Floats, labels: npt.NDArray[np.int64], rng: np.random.Generator
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Returns the same words by somebody else, elsewhere."""
    count = int(len(power) / np.exp(rng.uniform(np.log(0.76), np.log(1.4))))
    at = np.linspace(0, len(power) - 1, count)
    power, labels = _between(power, at, 0), labels[np.rint(at).astype(int)]
    power = _elsewhere(np.exp(_somebody(np.log(power + 1e-9), rng)), rng)
    return np.asarray(power * np.exp(rng.uniform(-6, 4)), np.float32), labels


def _somebody(logs: npt.NDArray[np.float64], rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Returns the log bands of another tract (its axis stretched and bent), another voice (its spectrum tilted, its
    formants sharper or duller) and another temper (its loud and quiet moments further apart or closer)."""
    knots = np.clip(np.arange(0, BANDS + 1, 8) * rng.uniform(0.84, 1.2) + rng.normal(0, 0.4, 6), 0, BANDS - 1)
    logs = _between(logs, np.interp(np.arange(BANDS), np.arange(0, BANDS + 1, 8), np.maximum.accumulate(knots)), 1)
    if rng.random() < 0.25:
        dull = rng.uniform(0, 0.3)
        logs = logs * (1 - 2 * dull) + dull * (np.roll(logs, 1, 1) + np.roll(logs, -1, 1))
    usual = logs.mean(0)
    logs = usual + (logs - usual) * rng.uniform(0.9, 1.1)
    return np.asarray(logs + np.interp(np.arange(BANDS), np.linspace(0, BANDS - 1, 8), rng.normal(0, 1.1, 8)))


def _elsewhere(power: npt.NDArray[np.float64], rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Returns the power in a room, under noise, and after a telephone or a codec that leaves out what is masked."""
    if rng.random() < 0.4:
        keep, share = np.exp(-1 / (100 * rng.uniform(0.02, 0.10))), rng.uniform(0.05, 0.5)
        power = power * (1 - share) + lfilter([1 - keep], [1, -keep], power, axis=0) * share
    loud = np.percentile(power.sum(1), 90)
    noise_db = -rng.choice([rng.uniform(5, 20), rng.uniform(20, 60)])
    colour = np.exp(np.interp(np.arange(BANDS), [0, 13, 26, 39], rng.normal([1.5, 0.5, 0.0, -0.5], 1.3)))
    swell = 1 + 0.6 * np.sin(np.arange(len(power)) / rng.uniform(20, 80))
    noise = colour / colour.sum() * loud * 10 ** (noise_db / 10) * rng.gamma(3, 1 / 3, power.shape) * swell[:, None]
    power = power + noise
    if rng.random() < 0.15:
        power[:, 31:] *= 1e-4
        power[:, : int(rng.integers(0, 6))] *= 1e-3
    if rng.random() < 0.2:
        masked = power < power.max(1, keepdims=True) * 10 ** -rng.uniform(2.2, 4)
        power = np.where(masked, power * 10 ** -rng.uniform(0.5, 3), power)
        power[:, int(rng.integers(30, BANDS + 1)) :] *= 1e-3
    return power


def wordless(frames: int, rng: np.random.Generator) -> Floats:
    """Returns the power of a pause: silence, a breath, a smack of the lips, or notes: all of them no phones."""
    if rng.random() < 0.08:
        return _notes(rng)
    power = np.full((frames, BANDS), 1e-7)
    for _ in range(int(rng.integers(0, 3)) if frames > 4 else 0):
        length = int(rng.integers(1, 4) if rng.random() < 0.35 else rng.integers(8, 60))
        start = int(rng.integers(0, frames))
        length = min(length, frames - start)
        colour = np.exp(np.interp(np.arange(BANDS), np.linspace(0, BANDS - 1, 7), rng.normal(0, 1.4, 7)))
        swell = np.sin(np.pi * (np.arange(length) + 0.5) / length) ** rng.uniform(0.5, 2)
        grain = rng.gamma(2, 0.5, (length, BANDS))
        power[start : start + length] += 10 ** rng.uniform(-2.5, 0.7) * swell[:, None] * colour * grain
    return power.astype(np.float32)


def _notes(rng: np.random.Generator) -> Floats:
    """Returns the power of a few notes of an instrument, steady or struck, alone or in chords."""
    parts = []
    for _ in range(int(rng.integers(1, 6))):
        length = int(rng.integers(8, 60))
        row = np.full(BANDS, 1e-6)
        for _ in range(int(rng.integers(1, 4))):
            lowest, partials, fall = rng.uniform(1, 24), int(rng.integers(1, 5)), rng.uniform(0.1, 1.0)
            for k in range(partials):
                at = lowest + 9 * np.log2(1 + k)
                row += fall**k * np.exp(-(((np.arange(BANDS) - at) / rng.uniform(0.5, 1.1)) ** 2))
        decay = np.exp(-np.arange(length) / rng.choice([rng.uniform(8, 40), 1e4]))
        parts.append(row * decay[:, None] * 10 ** rng.uniform(0, 2.5))
    return np.concatenate(parts).astype(np.float32)


def _between(values: Floats, at: npt.NDArray[np.float64], axis: int) -> npt.NDArray[np.float64]:
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, values.shape[axis] - 1)
    part = (at - low)[:, None] if axis == 0 else at - low
    return np.take(values, low, axis) * (1 - part) + np.take(values, high, axis) * part


def pick(said: list[Said], rng: np.random.Generator) -> Said:
    """Returns a clause: of every two, one by a neural voice, where there are such."""
    one = said[rng.integers(len(said))]
    if rng.random() < 0.5:
        for _ in range(20):
            if one[2].startswith("kokoro"):
                break
            one = said[rng.integers(len(said))]
    return one


def batch(said: list[Said], usual: npt.NDArray[np.float64], rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Returns features (BATCH, FRAMES + CONTEXT, 40) and labels (BATCH, FRAMES), DELAY frames late."""
    inputs = np.zeros((BATCH, FRAMES + CONTEXT, BANDS), np.float32)
    wanted = np.zeros((BATCH, FRAMES), np.int64)
    for row in range(BATCH):
        power, labels = np.zeros((0, BANDS), np.float32), np.zeros(0, np.int64)
        while len(power) < FRAMES + DELAY + 2:
            parts: list[tuple[Floats, npt.NDArray[np.int64]]] = []
            while sum(len(p) for p, _ in parts) < FRAMES + 60:
                quiet = wordless(int(rng.integers(0, 70)), rng)
                parts.append((quiet, np.full(len(quiet), SILENT)))
                parts.append(pick(said, rng)[:2])
            power, labels = bent(np.concatenate([p for p, _ in parts]), np.concatenate([n for _, n in parts]), rng)
        features = np.concatenate([np.zeros((CONTEXT, BANDS), np.float32), levelled(power, usual)])
        late = np.concatenate([np.full(DELAY, SILENT), labels])
        for _ in range(int(rng.integers(0, 2))):  # SpecAugment (Park et al. 2019)
            band, frame = int(rng.integers(0, BANDS)), int(rng.integers(CONTEXT, len(features)))
            features[CONTEXT:, band : band + int(rng.integers(1, 6))] = 0.0
            features[frame : frame + int(rng.integers(1, 6))] = 0.0
        start = 0 if rng.random() < 0.5 else int(rng.integers(0, len(power) - FRAMES))
        inputs[row], wanted[row] = features[start : start + FRAMES + CONTEXT], late[start : start + FRAMES]
    return torch.tensor(inputs), torch.tensor(wanted)


def accuracy(net: Net, said: list[Said], usual: npt.NDArray[np.float64]) -> float:
    """Returns the share of frames told right, silence left out."""
    right = total = 0
    net.eval()
    with torch.no_grad():
        for power, labels, _ in said:
            ahead = np.concatenate([power, np.full((DELAY, BANDS), 1e-7, np.float32)])
            features = np.concatenate([np.zeros((CONTEXT, BANDS), np.float32), levelled(ahead, usual)])
            told = net(torch.tensor(features[None]))[0, DELAY:].argmax(1).numpy()
            sounding = labels != SILENT
            right, total = right + int((told == labels)[sounding].sum()), total + int(sounding.sum())
    return right / max(1, total)


def known_usual(path: Path) -> npt.NDArray[np.float64]:
    """Returns the usual spectrum that a written net was trained with."""
    import onnx

    (told,) = (p.value for p in onnx.load(str(path)).metadata_props if p.key == "usual")
    return np.array(told.split(","), np.float64)


def export(net: Net, usual: npt.NDArray[np.float64], facts: dict[str, object], to: Path) -> None:
    """Writes the net with what it needs to know of itself."""
    import onnx

    net.eval()
    shape = {"features": {1: "frames"}, "logits": {1: "told"}}
    example = torch.zeros(1, CONTEXT + 20, BANDS)
    torch.onnx.export(
        net, (example,), str(to), input_names=["features"], output_names=["logits"], dynamic_axes=shape, dynamo=False
    )
    model = onnx.load(str(to))
    told = {"usual": ",".join(f"{v:.4f}" for v in usual), "facts": json.dumps(facts)}
    onnx.helper.set_model_props(model, told)
    onnx.save(model, str(to))


def main() -> None:
    """Trains, scores and writes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("voices", type=Path, nargs="+")
    parser.add_argument("onnx", type=Path)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--rate", type=float, default=4e-3)
    parser.add_argument("--learned", type=Path, help="begin from this ear.onnx, norms folded in")
    parser.add_argument("--hold", nargs="*", default=[])
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--width", type=int, default=WIDTH)
    options = parser.parse_args()
    print("$ python training/ear_network.py", *sys.argv[1:])
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    rng = np.random.default_rng(options.seed)
    everything = [s for folder in options.voices for s in load(folder)]
    said = [s for s in everything if s[2] not in options.hold]
    net = Net(options.width)
    usual = np.mean([np.log(power + FLOOR).mean(0) for power, _, _ in said], 0)
    if options.learned:
        net.learned(options.learned)
        usual = known_usual(options.learned)
    optimiser = torch.optim.AdamW(net.parameters(), options.rate / 2, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, options.rate, options.steps, pct_start=0.15)
    began, seen = time.process_time(), []
    for step in range(1, options.steps + 1):
        features, labels = batch(said, usual, rng)
        logits, labels = net(features).flatten(0, 1), labels.flatten()
        loss = functional.cross_entropy(logits, labels, label_smoothing=0.05)
        loss = loss + LIPS_WEIGHT * lips_loss(logits, labels)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        seen.append(loss.item())
        if step % 50 == 0:
            print(f"{step:5d}  loss {np.mean(seen[-50:]):.3f}  {time.process_time() - began:.0f} CPU s", flush=True)
        if step % 200 == 0:
            export(net, usual, {"steps": step}, options.onnx)
            net.train()
    held = [s for s in everything if s[2] in options.hold]
    facts = {
        "made_by": "training/ear_network.py",
        "recipe": " ".join(sys.argv[1:]),
        "minutes_of_sound": round(sum(len(p) for p, _, _ in said) * FRAME_S / 60, 1),
        "voices": sorted({v.split("_mix")[0] + (" mixtures" if "_mix" in v else "") for _, _, v in said}),
        "frames_right_seen_voices": round(accuracy(net, said[::20], usual), 3),
        "frames_right_held_voices": round(accuracy(net, held, usual), 3) if held else None,
    }
    print(json.dumps(facts))
    export(net, usual, facts, options.onnx)


if __name__ == "__main__":
    main()
