"""Trains `sitting`, the small face network of the judge (src/understudy/judge/sitting.npz).

    python training/face_pictures.py pictures.npz ACTOR ...          # aligned crops of rendered actors
    python training/face_network.py pictures.npz sitting.npz         # needs torch; about ten minutes on one core

What it learns from: pictures of a few actors in many faces, turns, lights and sets. Each step bends them into people
who do not exist: a smooth, nearly symmetric bend of the face and a tone of skin are drawn for each person and laid on
several pictures of one actor. All pictures with one bend of one actor are one person; the same actor bent otherwise is
another. So what tells people apart is the shape of the face; faces, turns, lights, sharpness and hair do not.
Loss: supervised contrastive (Khosla et al. 2020) over the people of a batch, and the spread of each person.

Actors named with --hold are never trained on; the figures printed at the end are theirs.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

SIZE_PX, STORED_PX = 64, 112
PADDING, STORED_PADDING = 0.25, 0.5
CHANNELS = (24, 48, 48, 96, 96, 128)
STRIDES = (2, 2, 1, 2, 1, 2)
DIMENSIONS = 96


class Net(nn.Module):
    """Six convolutions and a projection; (n, 3, 64, 64) in -1..1 -> (n, 96) unit vectors."""

    def __init__(self) -> None:
        super().__init__()
        inputs = (3, *CHANNELS[:-1])
        self.layers = nn.ModuleList(nn.Conv2d(i, o, 3, s, 1) for i, o, s in zip(inputs, CHANNELS, STRIDES, strict=True))
        self.norms = nn.ModuleList(nn.BatchNorm2d(o) for o in CHANNELS)
        self.project = nn.Linear(CHANNELS[-1] * 16, DIMENSIONS)

    def forward(self, x: Tensor) -> Tensor:
        for layer, norm in zip(self.layers, self.norms, strict=True):
            x = functional.relu(norm(layer(x)))
        return functional.normalize(self.project(x.flatten(1)), dim=1)


def bends(people: int, rng: torch.Generator, strength: float) -> Tensor:
    """Returns (people, 64, 64, 2): smooth shifts of the face, symmetric but for a fifth, in shares of the crop."""
    coarse = torch.randn(people, 2, 6, 6, generator=rng)
    mirror = coarse.flip(3) * torch.tensor([-1.0, 1.0]).view(1, 2, 1, 1)
    coarse = 0.5 * (coarse + mirror) * 1.25 + 0.15 * torch.randn(people, 2, 6, 6, generator=rng)
    size = strength * (0.5 + torch.rand(people, 1, 1, 1, generator=rng))
    return functional.interpolate(coarse * size, (SIZE_PX, SIZE_PX), mode="bicubic").permute(0, 2, 3, 1)


def views(pictures: Tensor, people: int, each: int, rng: torch.Generator) -> Tensor:
    """Returns (people * each, 3, 64, 64): the crops bent by the person, then lit, blurred and shifted."""
    n = people * each
    axis = (torch.arange(SIZE_PX) + 0.5) / SIZE_PX * 2 - 1
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    scale = (1 + 2 * PADDING) / (1 + 2 * STORED_PADDING)
    grid = (torch.stack([x, y], -1) * scale)[None]
    turn = torch.randn(n, 1, 1, generator=rng) * 0.03
    zoom = 1 + torch.randn(n, 1, 1, 1, generator=rng) * 0.025
    grid = grid * zoom + torch.randn(n, 1, 1, 2, generator=rng) * 0.012
    grid = torch.stack([grid[..., 0] - turn * grid[..., 1], grid[..., 1] + turn * grid[..., 0]], -1)
    grid = grid + bends(people, rng, 0.055).repeat_interleave(each, 0)
    out = functional.grid_sample(pictures, grid, align_corners=False, padding_mode="border")
    tone = 1 + 0.12 * torch.randn(people, 3, 1, 1, generator=rng).repeat_interleave(each, 0)
    light = 1 + 0.10 * torch.randn(n, 3, 1, 1, generator=rng) + 0.15 * torch.randn(n, 1, 1, 1, generator=rng)
    side = 1 + 0.2 * torch.randn(n, 1, 1, 1, generator=rng) * x + 0.1 * torch.randn(n, 1, 1, 1, generator=rng) * y
    out = (out.clamp(1e-3, 1) ** (1 + 0.15 * torch.randn(n, 1, 1, 1, generator=rng))) * tone * light * side
    soft = functional.avg_pool2d(functional.pad(out, (1, 1, 1, 1), mode="replicate"), 3, 1)
    out = torch.lerp(out, soft, torch.rand(n, 1, 1, 1, generator=rng))
    out = out + 0.02 * torch.rand(n, 1, 1, 1, generator=rng) * torch.randn(out.shape, generator=rng)
    edge = torch.hypot(x / 0.95, (y + 0.1) / 1.05) > 0.85 + 0.25 * torch.rand(n, 1, 1, 1, generator=rng)
    paint = torch.rand(n, 3, 1, 1, generator=rng)
    hidden = edge & (torch.rand(n, 1, 1, 1, generator=rng) < 0.6)
    return torch.where(hidden, paint, out).clamp(0, 1) * 2 - 1


def contrast(vectors: Tensor, person: Tensor, heat: float = 0.08) -> Tensor:
    """Returns the supervised contrastive loss plus twice how far the vectors of one person lie apart."""
    like = vectors @ vectors.T / heat
    itself = torch.eye(len(vectors), dtype=torch.bool)
    same = (person[:, None] == person[None]) & ~itself
    logs = like - torch.logsumexp(like.masked_fill(itself, -1e9), dim=1, keepdim=True)
    pull = (1 - vectors @ vectors.T)[same].mean()
    return -(logs * same).sum(1).div(same.sum(1)).mean() + 2 * pull


def plain(pictures: Tensor) -> Tensor:
    """Returns the crops as the judge gives them: nothing bent, (n, 3, 64, 64) in -1..1."""
    axis = ((torch.arange(SIZE_PX) + 0.5) / SIZE_PX * 2 - 1) * (1 + 2 * PADDING) / (1 + 2 * STORED_PADDING)
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    grid = torch.stack([x, y], -1)[None].expand(len(pictures), -1, -1, -1)
    return functional.grid_sample(pictures, grid, align_corners=False).clamp(0, 1) * 2 - 1


def figures(net: Net, pictures: Tensor, names: np.ndarray) -> str:
    """Returns how alike one actor's pictures are, and those of different ones."""
    net.eval()
    with torch.no_grad():
        vectors = net(plain(pictures))
    net.train()
    like = (vectors @ vectors.T).numpy()
    same = names[:, None] == names[None]
    upper = np.triu(np.ones_like(same), 1).astype(bool)
    one, two = like[same & upper], like[~same & upper]
    template = np.stack([vectors.numpy()[names == n].mean(0) for n in names])
    template /= np.linalg.norm(template, axis=1, keepdims=True)
    kept = (vectors.numpy() * template).sum(1)
    cut = np.quantile(two, 0.99)
    return (
        f"same {one.mean():.3f} (5 % below {np.quantile(one, 0.05):.3f}), to own mean {kept.mean():.3f}, "
        f"different {two.mean():.3f} (1 % above {cut:.3f}), found at 1 % false {np.mean(one > cut):.3f}"
    )


def save(net: Net, path: Path) -> None:
    """Writes the weights with the normalisation folded into the convolutions, as float16."""
    out = {}
    for i, (layer, norm) in enumerate(zip(net.layers, net.norms, strict=True)):
        factor = (norm.weight / torch.sqrt(norm.running_var + norm.eps)).detach()
        out[f"weight{i}"] = (layer.weight.detach() * factor[:, None, None, None]).numpy().astype(np.float16)
        out[f"bias{i}"] = ((layer.bias.detach() - norm.running_mean) * factor + norm.bias.detach()).numpy()
    out["project"] = net.project.weight.detach().numpy().astype(np.float16)
    out["project_bias"] = net.project.bias.detach().numpy()
    np.savez(path, **out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--hold", nargs="*", default=["kenji", "priya", "walter"])
    parser.add_argument("--steps", type=int, default=1600)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--each", type=int, default=4)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    print("command:", " ".join(["training/face_network.py", *sys.argv[1:]]))
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    rng, draw = torch.Generator().manual_seed(0), np.random.default_rng(0)
    with np.load(options.pictures) as data:
        names, crops = data["actors"], torch.from_numpy(data["crops"]).permute(0, 3, 1, 2).float() / 255
    held = np.isin(names, options.hold)
    rows = [np.flatnonzero(names == name) for name in np.unique(names[~held])]
    print(f"{len(rows)} actors, {int((~held).sum())} pictures; held out: {', '.join(np.unique(names[held]))}")
    net = Net()
    best = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-2)
    pace = torch.optim.lr_scheduler.OneCycleLR(best, 3e-3, total_steps=options.steps)
    person = torch.arange(options.people).repeat_interleave(options.each)
    began = time.time()
    for step in range(options.steps):
        chosen = np.concatenate(
            [draw.choice(rows[draw.integers(len(rows))], options.each) for _ in range(options.people)]
        )
        loss = contrast(net(views(crops[chosen], options.people, options.each, rng)), person)
        best.zero_grad()
        loss.backward()
        best.step()
        pace.step()
        if step % 200 == 199:
            print(f"{step + 1:5} {time.time() - began:5.0f} s  loss {loss.item():.3f}", flush=True)
            print("      held out:", figures(net, crops[held], names[held]), flush=True)
            save(net, options.output)
    print("      trained on:", figures(net, crops[~held], names[~held]))


if __name__ == "__main__":
    main()
