"""The student of a sentence encoder: statements to vectors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.exposure.scorer import encoder as module
from pipelines.exposure.scorer import tokens
from pipelines.exposure.scorer.encoder import Encoder, load_encoder

WORDS = ["audit", "file", "lift", "records", "steel", "write"]


@pytest.fixture(scope="module")
def shipped():
    return load_encoder()


def _made(seed: int = 0) -> Encoder:
    """A small encoder with weights drawn at random."""
    rng = np.random.default_rng(seed)

    def draw(*shape):
        return rng.normal(size=shape).astype(np.float32)

    return Encoder(
        words=np.array(WORDS),
        values=draw(6, 4),
        weight=np.exp(draw(6)),
        before=draw(4, 3),
        after=draw(4, 3),
        pair_bias=draw(3),
        hidden=draw(11, 5),
        hidden_bias=draw(5),
        straight=draw(7, 4),
        out=draw(5, 4),
        bias=draw(4),
    )


def _by_hand(e: Encoder, text: str) -> np.ndarray:
    """The vector of one statement, word by word, as the class describes it."""
    at = [WORDS.index(w) for w in text.split() if w in WORDS]
    if not at:
        return np.zeros(4)
    total = sum(e.weight[i] for i in at)
    mean = sum(e.weight[i] * e.values[i] for i in at) / total
    pair = np.zeros(3)
    for a, b in zip(at, at[1:], strict=False):
        units = e.values[a] @ e.before + e.values[b] @ e.after + e.pair_bias
        pair += e.weight[b] * np.maximum(units, 0) / total
    layer = np.r_[mean, e.values[at[0]], pair] @ e.hidden + e.hidden_bias
    z = np.r_[mean, pair] @ e.straight + np.maximum(layer, 0) @ e.out + e.bias
    return z / np.linalg.norm(z)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from([*WORDS, "zzqx"]), max_size=9).map(" ".join), max_size=7))
def test_a_batch_is_read_as_each_statement_is_by_hand(texts):
    e = _made()
    z = e.encode(tokens.words_of(texts, pd.Index(WORDS)))
    assert z.shape == (len(texts), 4)
    for vector, text in zip(z, texts, strict=True):
        assert vector == pytest.approx(_by_hand(e, text), abs=1e-4)


def test_blocks_change_nothing(monkeypatch):
    texts = [f"{a} {b}" for a in WORDS for b in WORDS] + ["", "zzqx", "write"]
    words = tokens.words_of(texts, pd.Index(WORDS))
    whole = _made().encode(words)
    monkeypatch.setattr(module, "_BLOCK", 5)
    assert _made().encode(words) == pytest.approx(whole, abs=1e-6)


def test_what_is_kept_reads_as_the_encoder_did():
    e = _made()
    words = tokens.words_of(["write records", "lift steel file audit"], pd.Index(WORDS))
    kept = Encoder.loads(e.dumps())
    assert kept.dumps() == e.dumps()
    assert (kept.encode(words) * e.encode(words)).sum(1).min() > 0.999


def test_shipped_vectors_put_like_meanings_side_by_side(shipped):
    texts = [
        "Translate letters for foreign customers.",
        "Interpret written correspondence for clients from abroad.",
        "Weld steel beams on building sites.",
        "Join metal girders by welding.",
    ]
    z = shipped.encode(shipped.read(texts))
    close = z @ z.T
    assert close[0, 1] > 0.5 > close[0, 2] + 0.2
    assert close[2, 3] > 0.5 > close[1, 3] + 0.2


def test_order_of_words_is_read(shipped):
    texts = ["Train staff to inspect records", "Inspect staff records to train"]
    z = shipped.encode(shipped.read(texts))
    assert z[0] @ z[1] < 0.995  # a mean of words alone would say 1
    assert np.linalg.norm(z, axis=1) == pytest.approx(1, abs=1e-5)
