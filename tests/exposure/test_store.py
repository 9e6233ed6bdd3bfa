"""Models on disk: what goes in comes out, byte for byte the same, and nothing runs."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from pipelines.exposure.scorer import store

STATE = {
    "weights": np.arange(6, dtype=np.float16).reshape(2, 3),
    "ids": np.array([3, 1], np.int64),
    "bias": np.float64(0.25),
    "words": "caf\u00e9\nclinic\nzinc",
    "none": "",
}


def test_what_was_saved_is_loaded():
    back = store.loads(store.dumps(STATE))
    assert back.keys() == STATE.keys()
    for name, value in STATE.items():
        assert np.array_equal(back[name], value), name
        assert getattr(back[name], "dtype", str) == getattr(value, "dtype", str)
    assert back["words"].split("\n")[0] == "caf\u00e9"


def test_equal_content_gives_equal_bytes_in_another_process():
    code = (
        f"import hashlib, sys; sys.path.insert(0, {str(Path(__file__).parent)!r});"
        "from pipelines.exposure.scorer import store; from test_store import STATE;"
        "print(hashlib.sha256(store.dumps(STATE)).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == hashlib.sha256(store.dumps(STATE)).hexdigest()


@pytest.mark.parametrize("value", [{"a": 1}, np.array([None]), ["a", "b"], print])
def test_objects_and_lists_of_texts_are_refused(value):
    with pytest.raises(TypeError, match="odd"):
        store.dumps({"odd": value})


def _pickled() -> bytes:
    out = io.BytesIO()
    np.savez(out, a=np.array([None], object))
    return out.getvalue()


def _single() -> bytes:
    out = io.BytesIO()
    np.save(out, np.zeros(2))
    return out.getvalue()


@pytest.mark.parametrize("data", [b"", b"<html>", _pickled(), _single(), store.dumps(STATE)[:200]])
def test_anything_else_is_refused(data):
    with pytest.raises((ValueError, OSError, zipfile.BadZipFile)):
        store.loads(data)


def test_loading_imports_no_machine_learning_library():
    code = (
        "import sys; from pipelines.exposure.scorer import store;"
        "store.loads(store.dumps({'a': 1}));"
        "print([m for m in ('sklearn', 'skops', 'scipy.stats') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
