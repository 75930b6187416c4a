"""The encoder that the trainer writes computes what the papers say, however sentences are batched."""

from __future__ import annotations

from itertools import pairwise, product
from math import exp, tanh

import numpy as np
import pytest

from kg.recognize.encoder_graph import write
from kg.recognize.network import Network

UNITS, WIDTH, LABELS = 3, 4, ("B-Place", "I-Place", "O")
LETTERS = "重庆市总工会"


@pytest.fixture(scope="module")
def arrays():
    draw = np.random.default_rng(7)
    shapes = {
        "table.character": (len(LETTERS) + 1, WIDTH),
        "layer1.input": (2, 3 * UNITS, WIDTH),
        "layer2.input": (2, 3 * UNITS, 2 * UNITS),
        **{f"layer{at}.state": (2, 3 * UNITS, UNITS) for at in (1, 2)},
        **{f"layer{at}.bias": (2, 6 * UNITS) for at in (1, 2)},
        "out.weight": (4 * UNITS, len(LABELS)),
        "out.bias": (len(LABELS),),
        "chain.begin": (len(LABELS),),
        "chain.next": (len(LABELS), len(LABELS)),
        "chain.end": (len(LABELS),),
    }
    # As they are kept: in half precision, and the chain to four decimals.
    made = {name: draw.standard_normal(shape).astype(np.float16).astype(float) for name, shape in shapes.items()}
    return made | {name: made[name].round(4) for name in shapes if name.startswith("chain.")}


@pytest.fixture(scope="module")
def network(arrays, tmp_path_factory):
    path = tmp_path_factory.mktemp("encoder") / "encoder.onnx"
    write(path, LABELS, {"character": list(LETTERS)}, arrays)
    return Network(path)


def gru(arrays, layer, inputs, direction):
    """A gated recurrent unit as Cho et al. (2014) write it, number by number."""
    given, kept = arrays[f"layer{layer}.input"][direction], arrays[f"layer{layer}.state"][direction]
    given_bias, kept_bias = np.split(arrays[f"layer{layer}.bias"][direction], 2)
    state, outputs = [0.0] * UNITS, []
    for value in inputs if direction == 0 else inputs[::-1]:
        x = given @ value + given_bias
        h = kept @ np.array(state) + kept_bias
        update = [1 / (1 + exp(-(x[i] + h[i]))) for i in range(UNITS)]
        reset = [1 / (1 + exp(-(x[UNITS + i] + h[UNITS + i]))) for i in range(UNITS)]
        new = [tanh(x[2 * UNITS + i] + reset[i] * h[2 * UNITS + i]) for i in range(UNITS)]
        state = [(1 - update[i]) * new[i] + update[i] * state[i] for i in range(UNITS)]
        outputs.append(state)
    return outputs if direction == 0 else outputs[::-1]


def expected(arrays, sentence):
    """Marginal probabilities by counting every sequence of labels."""
    table = arrays["table.character"]
    inputs = np.array([table[LETTERS.find(char) + 1] for char in sentence])
    first = np.concatenate([gru(arrays, 1, inputs, 0), gru(arrays, 1, inputs, 1)], axis=1)
    second = np.concatenate([gru(arrays, 2, first, 0), gru(arrays, 2, first, 1)], axis=1)
    scores = np.concatenate([first, second], axis=1) @ arrays["out.weight"] + arrays["out.bias"]
    shares = np.zeros_like(scores)
    for path in product(range(len(LABELS)), repeat=len(sentence)):
        total = arrays["chain.begin"][path[0]] + arrays["chain.end"][path[-1]]
        total += sum(scores[at, label] for at, label in enumerate(path))
        total += sum(arrays["chain.next"][a, b] for a, b in pairwise(path))
        for at, label in enumerate(path):
            shares[at, label] += exp(total)
    return shares / shares.sum(axis=1, keepdims=True)


def rows(sentence):
    return [(char,) for char in sentence]


@pytest.mark.parametrize("sentence", ["市", "重庆", "总工会市", "重庆?市总工"])
def test_it_gives_the_probabilities_that_the_definitions_give(network, arrays, sentence):
    assert network([rows(sentence)])[0] == pytest.approx(expected(arrays, sentence), abs=1e-5)


def test_neighbours_in_a_batch_do_not_matter(network):
    sentences = ["重庆", "", "市总工会重庆市", "会", "总工", "重庆市总工会重庆市总工会"]
    together = network([rows(s) for s in sentences])

    assert [len(shares) for shares in together] == [len(s) for s in sentences]
    for sentence, shares in zip(sentences, together, strict=True):
        if sentence:
            assert shares == pytest.approx(network([rows(sentence)])[0], abs=1e-5)


def test_no_sentence_at_all_is_answered(network):
    assert network([]) == []
