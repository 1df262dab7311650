"""Tune the upper layers of MiniLM to attitudes, with PyTorch, in an environment of its own.

What is tuned starts from the int8 weights that the product runs, and goes back to int8, each column
with its scale, as they are stored in the encoder's file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from statements.nlp.attitudes.encoder import SIZE, Pieces

LAYERS, HEADS = 6, 12
# The lower half stays as it is: tuning all six gained nothing that dev could tell.
FROZEN = 3
EPOCHS, BATCH, RATE, HEAD_RATE = 3, 32, 1e-4, 1e-3
DROPOUT, HEAD_DROPOUT, SMOOTHING = 0.1, 0.2, 0.05
# Runs that begin alike and see the texts in other orders; their weights are averaged, which is as
# good as asking all of them (Wortsman et al. 2022, Model soups).
SEEDS = (0, 1, 2)


@dataclass(frozen=True, slots=True)
class Stored:
    """An array of the encoder's file: its place in it, and its values."""

    place: int
    values: np.ndarray


def stored_arrays(path: Path) -> dict[str, Stored]:
    """Every large array of the file by its name there; matrices are named by what they belong to.

    A matrix NAME comes as NAME (int8, inputs by outputs) and NAME.scale.
    """
    content = path.read_bytes()
    graph = onnx.load_from_string(content).graph
    arrays = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    names = {name: name.removeprefix("inner.") for name in arrays if name.startswith("inner.")}
    names |= _matrix_names(graph)
    found = {}
    for given, name in names.items():
        data = arrays[given].tobytes()
        if content.count(data) == 1:
            found[name] = Stored(content.index(data), arrays[given])
    return found


def _matrix_names(graph: Any) -> dict[str, str]:
    """The exporter's numbers for matrices, by the bias that each product is added to."""
    made_by = {output: node for node in graph.node for output in node.output}
    names = {}
    for node in graph.node:
        if node.op_type != "Add":
            continue
        for product, bias in (node.input, reversed(node.input)):
            source = made_by.get(product)
            if source and source.op_type == "MatMul" and bias.endswith(".bias"):
                name = bias.removeprefix("inner.").removesuffix(".bias") + ".weight"
                names[f"{source.input[1]}_q"] = name
                names[f"{source.input[1]}_scale"] = f"{name}.scale"
    return names


class Layer(nn.Module):
    """One transformer layer of BERT, with the weights of the file."""

    def __init__(self, arrays: dict[str, Stored], number: int) -> None:
        super().__init__()
        self.prefix = f"encoder.layer.{number}."

        def linear(name: str) -> nn.Linear:
            matrix = arrays[f"{self.prefix}{name}.weight"].values.astype(np.float32)
            matrix = matrix * arrays[f"{self.prefix}{name}.weight.scale"].values
            module = nn.Linear(*matrix.shape)
            module.weight.data = torch.from_numpy(matrix.T.copy())
            module.bias.data = _tensor(arrays, f"{self.prefix}{name}.bias")
            return module

        self.parts = nn.ModuleDict()
        for name in _LINEAR:
            self.parts[name.replace(".", "_")] = linear(name)
        for name in _NORMS:
            self.parts[name.replace(".", "_")] = _norm(arrays, f"{self.prefix}{name}")
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        part = {name: self.parts[name.replace(".", "_")] for name in (*_LINEAR, *_NORMS)}
        rows, length, _ = hidden.shape

        def heads(name: str) -> Tensor:
            shape = (rows, length, HEADS, SIZE // HEADS)
            result: Tensor = part[f"attention.self.{name}"](hidden).view(shape).transpose(1, 2)
            return result

        seen = functional.scaled_dot_product_attention(
            heads("query"),
            heads("key"),
            heads("value"),
            attn_mask=mask[:, None, None, :].bool(),
            dropout_p=DROPOUT if self.training else 0.0,
        )
        seen = part["attention.output.dense"](seen.transpose(1, 2).reshape(rows, length, SIZE))
        hidden = part["attention.output.LayerNorm"](hidden + self.drop(seen))
        wide = functional.gelu(part["intermediate.dense"](hidden))
        result: Tensor = part["output.LayerNorm"](hidden + self.drop(part["output.dense"](wide)))
        return result

    def stored(self, arrays: dict[str, Stored]) -> dict[int, np.ndarray]:
        """The layer as the file has it: arrays by their place."""
        found = {}
        for name in _LINEAR:
            module = self.parts[name.replace(".", "_")]
            matrix = module.weight.detach().numpy().T
            scale = np.abs(matrix).max(0, keepdims=True) / 127
            whole = f"{self.prefix}{name}"
            found[arrays[f"{whole}.weight"].place] = np.round(matrix / scale).astype(np.int8)
            found[arrays[f"{whole}.weight.scale"].place] = scale.astype(np.float32)
            found[arrays[f"{whole}.bias"].place] = module.bias.detach().numpy()
        for name in _NORMS:
            module = self.parts[name.replace(".", "_")]
            for kind in ("weight", "bias"):
                place = arrays[f"{self.prefix}{name}.{kind}"].place
                found[place] = getattr(module, kind).detach().numpy()
        return found


_LINEAR = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
_NORMS = ("attention.output.LayerNorm", "output.LayerNorm")


class Tuned(nn.Module):
    """MiniLM with a layer on top that chooses among attitudes toward the target."""

    def __init__(self, arrays: dict[str, Stored], classes: int) -> None:
        super().__init__()
        words = arrays["embeddings.word_embeddings.weight_q"].values.astype(np.float32)
        words = words * arrays["embeddings.word_embeddings.weight_scale"].values
        places = arrays["embeddings.position_embeddings.weight_q"].values.astype(np.float32)
        places = places * arrays["embeddings.position_embeddings.weight_scale"].values
        self.words, self.places = torch.from_numpy(words), torch.from_numpy(places)
        self.kinds = _tensor(arrays, "embeddings.token_type_embeddings.weight")
        self.norm = _norm(arrays, "embeddings.LayerNorm")
        self.layers = nn.ModuleList(Layer(arrays, number) for number in range(LAYERS))
        self.drop = nn.Dropout(HEAD_DROPOUT)
        self.head = nn.Linear(2 * SIZE, classes)
        for module in (self.norm, *self.layers[:FROZEN]):
            module.requires_grad_(False)

    def lower(self, ids: Tensor, kinds: Tensor, mask: Tensor) -> Tensor:
        """What the frozen layers make of the pieces."""
        places = self.places[torch.arange(ids.shape[1])][None]
        hidden = self.norm(self.words[ids] + places + self.kinds[kinds])
        for layer in self.layers[:FROZEN]:
            hidden = layer(hidden, mask)
        result: Tensor = hidden
        return result

    def forward(self, hidden: Tensor, kinds: Tensor, mask: Tensor) -> Tensor:
        """Scores of the classes from what `lower` gave."""
        for layer in self.layers[FROZEN:]:
            hidden = layer(hidden, mask)
        target, all_ = kinds[..., None].float(), mask[..., None].float()
        pooled = torch.cat(
            [
                (hidden * target).sum(1) / target.sum(1),
                (hidden * all_).sum(1) / all_.sum(1),
            ],
            1,
        )
        result: Tensor = self.head(self.drop(pooled))
        return result


def tune(
    path: Path, pieces: list[Pieces], answers: np.ndarray, classes: int
) -> tuple[dict[int, np.ndarray], np.ndarray, np.ndarray]:
    """Arrays to put into the encoder's file by place, and the weights and biases of the choice."""
    arrays = stored_arrays(path)
    lower = _lower(_fresh(arrays, classes), pieces)
    runs = [_run(_fresh(arrays, classes), lower, pieces, answers, seed) for seed in SEEDS]
    net = _fresh(arrays, classes)
    states = [run.state_dict() for run in runs]
    net.load_state_dict({name: sum(s[name] for s in states) / len(states) for name in states[0]})
    replaced: dict[int, np.ndarray] = {}
    for layer in net.layers[FROZEN:]:
        assert isinstance(layer, Layer)  # noqa: S101 - for the type checker
        replaced |= layer.stored(arrays)
    return replaced, net.head.weight.detach().numpy(), net.head.bias.detach().numpy()


def _fresh(arrays: dict[str, Stored], classes: int) -> Tuned:
    """The network before any tuning, the same each time."""
    torch.manual_seed(0)
    return Tuned(arrays, classes)


def _run(
    net: Tuned, lower: list[Tensor], pieces: list[Pieces], answers: np.ndarray, seed: int
) -> Tuned:
    torch.manual_seed(seed)
    order = np.random.default_rng(seed)
    counts = np.bincount(answers, minlength=net.head.out_features)
    weight = torch.tensor((counts.mean() / counts) ** 0.5, dtype=torch.float32)
    upper = [p for layer in net.layers[FROZEN:] for p in layer.parameters()]
    head = list(net.head.parameters())
    groups = [{"params": upper, "lr": RATE}, {"params": head, "lr": HEAD_RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = EPOCHS * -(-len(pieces) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(step / (0.1 * steps), 1.0) * max(0.0, 1 - step / steps)
    )
    for epoch in range(EPOCHS):
        net.train()
        losses = []
        for rows in _batches(order.permutation(len(pieces)), pieces, order):
            _, kinds, mask = _padded([pieces[row] for row in rows])
            hidden = torch.zeros(*mask.shape, SIZE)
            for place, row in enumerate(rows):
                hidden[place, : len(pieces[row][0])] = lower[row].float()
            loss = functional.cross_entropy(
                net(hidden, kinds, mask),
                torch.from_numpy(answers[rows]),
                weight=weight,
                label_smoothing=SMOOTHING,
            )
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_([*upper, *head], 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        print(f"run {seed}, pass {epoch + 1} of {EPOCHS}: loss {np.mean(losses):.3f}", flush=True)
    return net


def _lower(net: Tuned, pieces: list[Pieces]) -> list[Tensor]:
    """The frozen half of each text, once: it is the same in every pass."""
    net.eval()
    found: list[Tensor] = [torch.empty(0)] * len(pieces)
    order = sorted(range(len(pieces)), key=lambda row: len(pieces[row][0]))
    with torch.no_grad():
        for first in range(0, len(order), 64):
            rows = order[first : first + 64]
            ids, kinds, mask = _padded([pieces[row] for row in rows])
            hidden = net.lower(ids, kinds, mask).half()
            for place, row in enumerate(rows):
                found[row] = hidden[place, : len(pieces[row][0])].clone()
    return found


def _batches(
    rows: np.ndarray, pieces: list[Pieces], order: np.random.Generator
) -> list[np.ndarray]:
    """Rows in batches of like length, in random order."""
    batches = []
    for first in range(0, len(rows), BATCH * 20):
        near = sorted(rows[first : first + BATCH * 20], key=lambda row: len(pieces[row][0]))
        batches += [np.array(near[at : at + BATCH]) for at in range(0, len(near), BATCH)]
    return [batches[at] for at in order.permutation(len(batches))]


def _padded(rows: list[Pieces]) -> tuple[Tensor, Tensor, Tensor]:
    longest = max(len(ids) for ids, _ in rows)
    ids, kinds, mask = (torch.zeros(len(rows), longest, dtype=torch.long) for _ in range(3))
    for place, (each_ids, each_kinds) in enumerate(rows):
        ids[place, : len(each_ids)] = torch.tensor(each_ids)
        kinds[place, : len(each_kinds)] = torch.tensor(each_kinds)
        mask[place, : len(each_ids)] = 1
    return ids, kinds, mask


def _norm(arrays: dict[str, Stored], name: str) -> nn.LayerNorm:
    module = nn.LayerNorm(SIZE, eps=1e-12)
    module.weight.data = _tensor(arrays, f"{name}.weight")
    module.bias.data = _tensor(arrays, f"{name}.bias")
    return module


def _tensor(arrays: dict[str, Stored], name: str) -> Tensor:
    return torch.from_numpy(arrays[name].values.copy())
