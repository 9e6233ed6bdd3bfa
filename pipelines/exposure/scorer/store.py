"""A fitted model on disk: a zip of plain numpy arrays (`.npz`), nothing executable.

Numpy alone reads it, so loading costs no import (skops brings scikit-learn and scipy.stats with
it: a second), and the same arrays give the same bytes, which a file with object addresses and
dates inside, as skops writes, cannot.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import numpy as np

#: What a file raises that is none of ours, or is damaged: to numpy, to the zip, to who takes the
#: arrays by name.
DAMAGED = (OSError, EOFError, ValueError, KeyError, IndexError, TypeError, NotImplementedError,
           RuntimeError, zipfile.BadZipFile, zlib.error, struct.error, SyntaxError)  # fmt: skip
_TEXT = ".text"  # marks an entry that is text


def dumps(state: dict, packed: bool = True) -> bytes:
    """Bytes of a dictionary of arrays, numbers and strings; equal for equal content.

    Not `packed` they are larger, and there at once: for what is kept for one run.

    Raises
    ------
    TypeError
        A value is none of these (an object array would need pickle; texts are joined first).
    """
    arrays = {name: np.asarray(value) for name, value in state.items()}
    for name, array in list(arrays.items()):
        if array.dtype.hasobject:
            raise TypeError(f"{name} is neither an array of numbers nor text")
        if array.dtype.kind == "U":  # one byte a letter instead of four
            if array.ndim:
                raise TypeError(f"{name} is an array of texts: join them to one")
            arrays[name] = np.frombuffer(str(array).encode(), np.uint8)
            arrays[name + _TEXT] = np.zeros(0, np.uint8)
    out = io.BytesIO()
    (np.savez_compressed if packed else np.savez)(out, **arrays)  # type: ignore[arg-type]
    return out.getvalue()


def loads(data: bytes) -> dict:
    """The state that `dumps` wrote: arrays, and strings as `str`.

    Raises
    ------
    ValueError, OSError, zipfile.BadZipFile
        The bytes are no such file, are damaged, or hold pickled objects.
    """
    if data[:2] != b"PK":
        raise ValueError("not a zip of arrays")
    with np.load(io.BytesIO(data), allow_pickle=False) as held:
        names = [name for name in held.files if not name.endswith(_TEXT)]
        texts = {name.removesuffix(_TEXT) for name in held.files if name.endswith(_TEXT)}
        return {n: held[n].tobytes().decode() if n in texts else held[n] for n in names}
