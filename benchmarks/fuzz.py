"""Mutation fuzzing of every parser that reads what others wrote.

python benchmarks/fuzz.py [--runs 1000000] [--seed 1] [--only WORD]

Each parser gets sound inputs, changed at random: bits, pieces cut, doubled or spliced, tokens that
break parsers. It may read them or refuse them with one of our own errors in one line
(`OutlookError`; the catalog, which is ours, with ValueError). Anything else is a finding: the
input is kept in the temporary folder that is named, and the exit code is 1. The same seed gives
the same inputs. Files of loaders come from the made mirror of the fault tests.
"""

from __future__ import annotations

import argparse
import faulthandler
import io
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from urllib3 import HTTPResponse

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from faults import mirror  # noqa: E402

from pipelines.base import contracts, csv_in, tabular  # noqa: E402
from pipelines.base import settings as _settings  # noqa: E402
from pipelines.base.errors import OutlookError  # noqa: E402
from pipelines.occupations import lookup  # noqa: E402
from pipelines.occupations.titles import Titles, every_name  # noqa: E402
from pipelines.pathways.schooling import costs, education  # noqa: E402
from pipelines.pathways.schooling.credentials import credentials  # noqa: E402
from pipelines.releases import store  # noqa: E402
from pipelines.sources import catalog  # noqa: E402
from pipelines.sources.fetch import discover, drop_folder, headers, raw_files  # noqa: E402
from pipelines.sources.fetch.session import Limits, Retries, Session  # noqa: E402
from pipelines.sources.files import archives, pages  # noqa: E402
from pipelines.sources.read import bls_cells, delimited  # noqa: E402

#: One input may not take longer, in seconds.
SLOW = 10
TOKENS = [
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n\n", b"\t", b",", b";", b'"',
    b'""', b"'", b"n/a", b"N/A", b"None", b"NaN", b"inf", b"-1", b"1e999", b"0x10", b"99999999999",
    b"1,5", b"#", b"*", b"**", "\u2014".encode(), "\u0661\u0662".encode(), b"\xc3\x28", b"=1+1",
    b"<!DOCTYPE html>", b"<html>", b"&x;", b"]]>", b"PK\x03\x04", b"../", b"%s%n", b"{", b"}",
    b"[", b"]", b"=", b"true", b"1979-05-27", b"9" * 400, b"a" * 5000, b"(1)", b">=$", b"2022-32",
]  # fmt: skip


@dataclass
class Parser:
    """What is fuzzed: sound inputs, the call, its share of the runs, what it may raise."""

    name: str
    share: float
    call: Callable[[bytes], object]
    seeds: list[bytes]
    mutate: Callable[[random.Random, bytes, list[bytes]], bytes] | None = None
    allowed: tuple[type[Exception], ...] = (OutlookError,)


@dataclass
class Tally:
    runs: int = 0
    read: int = 0
    refused: int = 0
    seconds: float = 0.0
    findings: dict[str, int] = field(default_factory=dict)


# ------------------------------------------------------------------------------ mutation
def mutated(rng: random.Random, data: bytes, seeds: list[bytes]) -> bytes:
    """A few random changes."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        at = rng.randrange(len(out) + 1)
        end = min(len(out), at + rng.choice((1, 2, 4, 16, 200)))
        kind = rng.randrange(6)
        if kind == 0 and at < len(out):
            out[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del out[at:end]
        elif kind == 2:
            out[at:end] = rng.choice(TOKENS)
        elif kind == 3:
            out[at:at] = out[at:end] * rng.choice((1, 2, 50))
        elif kind == 4:
            other = rng.choice(seeds)
            start = rng.randrange(len(other) + 1)
            out[at:end] = other[start : start + rng.choice((4, 40, 400))]
        else:
            out[at:at] = bytes(rng.randrange(256) for _ in range(rng.choice((1, 3))))
    return bytes(out)


def members_mutated(rng: random.Random, data: bytes, seeds: list[bytes]) -> bytes:
    """Changes within one member of an archive, so that they reach what reads the member."""
    if rng.random() < 0.2:
        return mutated(rng, data, seeds)
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        members = {name: old.read(name) for name in old.namelist()}
    parts = [name for name in members if "theme" not in name and "docProps" not in name]
    name = rng.choice(parts)
    inner = members_mutated if name.endswith(".xlsx") else mutated
    members[name] = inner(rng, members[name], [members[name]])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name, inside in members.items():
            new.writestr(name, inside)
    return out.getvalue()


# ------------------------------------------------------------------------------- parsers
def text(data: bytes) -> str:
    return data.decode("utf-8", errors="surrogateescape")


def word(data: bytes) -> str:
    """Text without lone surrogates, as a terminal or an HTTP library hands it over."""
    return data.decode("utf-8", errors="replace")


def cells(data: bytes) -> pd.Series:
    """The first lines of an input as cells of a column."""
    found: list = word(data).split("\n")[:20]
    for n, cell in enumerate(found):
        if n % 3 == 0:
            try:
                found[n] = float(cell)
            except ValueError:
                continue
    return pd.Series(found, dtype=object, name="v")


def parsers(folder: Path) -> Iterator[Parser]:
    numbers = [b"1\n2.5\n-3\nn/a\n1,234.5\n#\n**\n", b"\n0\n1e5\n.5\n Y\nN\n"]
    marks = {"*": "suppressed", "#": "top-coded", "": "empty"}
    tsv, csv = b"a\tb\tc\n1\tx y\tn/a\n2\tz\t3.5\n", b'a,b,c\n1,"x, y",n/a\n2,z,"3"\n'
    book = mirror.encode(mirror.SOURCES["aioe"]())
    zipped = mirror.encode(mirror.SOURCES["onet_18"]())
    page = b'<html><title>O*NET</title><a href="/dl_files/database/db_30_3_text.zip">O*NET 30.3 ' \
           b'Database</a><a href="oesm26nat.zip">x</a></html>'  # fmt: skip
    named = mirror.SOURCES["onet_29_3"]().tables
    occupations = pd.DataFrame(
        {"onet_soc_code": [r[0] for r in named["Occupation Data.txt"].rows],
         "title": [r[1] for r in named["Occupation Data.txt"].rows]})  # fmt: skip
    tables = {
        "occupations": occupations,
        "alternate_titles": occupations.assign(title="Doer", kind="alternate"),
    }
    titles = Titles(every_name(tables, credentials()), pd.Series(dtype=float))
    patterns = ["https://www.onetcenter.org/dl_files/database/db_{major}_{minor}_text.zip",
                "https://www.bls.gov/oes/special-requests/oesm{yy}nat.zip"]  # fmt: skip
    file = folder / "input"

    def on_disk(call: Callable[[Path], object]) -> Callable[[bytes], object]:
        def run(data: bytes) -> object:
            file.write_bytes(data)
            return call(file)

        return run

    def unzip(data: bytes) -> None:
        with archives.open_zip(data, "f") as archive:
            for name in archive.namelist():
                archives.read_member(archive, name.rpartition("/")[2], "f")

    def header(data: bytes) -> None:
        value = word(data)
        wait = retries.get_retry_after(HTTPResponse(headers={"Retry-After": value}))
        assert wait is None or 0 <= wait < float("inf")
        headers.is_wrong_type({"Content-Type": value})
        headers.is_e_mail(value), headers.plain(value)

    def a_page(data: bytes) -> None:
        assert "\n" not in pages.described(data)
        pages.is_html(data), pages.printable(word(data))

    def a_csv_of_statements(path: Path) -> None:
        for chunk in csv_in.csv_chunks(str(path)):
            assert chunk.table.num_columns

    def manifest(data: bytes) -> None:
        (folder / "manifest.json").write_bytes(data)
        store.open_release(folder).has("x")

    def index(data: bytes) -> None:
        (settings.downloads / "index.json").write_bytes(data)
        raw_files.read_index(settings)
        raw_files.known("telework", settings)

    retries = Retries.within(Limits(), Session())
    settings = _settings.load({"OUTLOOK_DATA": str(folder / "data")})
    settings.downloads.mkdir(parents=True)
    statements = b'id,task\n1,Code records.\n2,"Say ""hello"", twice"\n'
    entry = b'{"telework": {"path": "ab/f.csv", "sha256": "ab", "bytes": 3, "origin": "x"}}'
    released = b'{"id": "20260101-abcdef01", "sources": {"a": {}}, "tables": {"t": {"rows": 1, ' \
               b'"sha256": "00", "bytes": 3}}}'  # fmt: skip
    prices = b'source = "mine"\n[per_year]\ntwo_year = 4150\nfour_year = 9750.5\n'
    levels = [level.encode() for level in education.EDUCATION_LEVELS] + [b"bachelor's", b"PhD"]
    cataloged = (ROOT / "pipelines/sources/catalog.toml").read_bytes()
    first = cataloged[: cataloged.find(b"\n[", cataloged.find(b"\n[onet]") + 2)]

    yield Parser("response headers", 20, header,
                 [b"120", b"Wed, 21 Oct 2026 07:28:00 GMT", b"bytes 0-99/1000", b'"abc"',
                  b"a@b.org", b"text/html; charset=utf-8"])  # fmt: skip
    yield Parser("block pages", 12, a_page, [page, b"<!DOCTYPE html><title>Denied</title>"])
    yield Parser("editions on pages", 8,
                 lambda d: [discover.editions(word(d), p) for p in patterns], [page])  # fmt: skip
    yield Parser("education levels", 10, lambda d: education.level_index(word(d)), levels)
    yield Parser("occupation codes", 0.5,
                 lambda d: lookup.resolve(word(d), tables, lambda: titles),
                 [b"29-2072.00", b"29-2072", b"292072", b"Made occupation 292072"])  # fmt: skip
    yield Parser("prices (TOML)", 5, lambda d: costs.parse_prices(word(d), "f"), [prices])
    yield Parser("catalog (TOML)", 2, lambda d: catalog.parse(word(d)), [first],
                 allowed=(ValueError,))  # fmt: skip
    yield Parser("tab-separated text", 8,
                 lambda d: delimited.read_text(d, "f", ["a", "b"], missing=("n/a", "")),
                 [tsv])  # fmt: skip
    yield Parser("comma-separated text", 8, lambda d: delimited.read_text(
                 d, "f", ["a", "b"], delimiter=",", quoted=True, optional=["c"]),
                 [csv])  # fmt: skip
    yield Parser("numbers and flags", 4, lambda d: (
                 delimited.strings(cells(d)), delimited.numbers(cells(d), "f")),
        numbers)  # fmt: skip
    yield Parser("BLS cells", 4, lambda d: bls_cells.numbers(cells(d), "f", marks), numbers)
    yield Parser("zip index and members", 5, unzip, [zipped, book])
    yield Parser("zip index, members changed", 1, unzip, [zipped], members_mutated)
    yield Parser("sheets", 4, lambda d: delimited.read_sheet(d, 0, ["SOC Code"], "f"), [book],
                 members_mutated)  # fmt: skip
    yield Parser("drop folder", 2, on_disk(drop_folder.content_of), [book, zipped, csv, page])
    yield Parser("statements to score", 4, on_disk(a_csv_of_statements), [statements])
    yield Parser("release manifests", 2, manifest, [released])
    yield Parser("memory of downloads", 2, index, [entry])
    yield Parser("cells of CSV exports", 6,
                 lambda d: tabular.neutral_text(word(d)), [b"=1+1", b" @x", b"plain"])  # fmt: skip
    for name, make in mirror.SOURCES.items():
        source, dataset = make(), catalog.dataset_of(name)

        def load(path: Path, dataset: catalog.Dataset = dataset) -> None:
            for table, frame in dataset.load()(path, dataset).items():
                if table not in ("exposure_labels", "aioe"):  # parts, checked when joined
                    contracts.check(table, frame, dataset.url)

        heavy = source.kind in ("books", "zip") or name == "ep_workbook"
        change = None if source.kind == "text" else members_mutated
        share = 0.1 if heavy else 0.5
        yield Parser(f"loader {name}", share, on_disk(load), [mirror.encode(source)], change)


# ----------------------------------------------------------------------------------- run
def fuzz(parser: Parser, runs: int, seed: int, kept: Path) -> Tally:
    """Run one parser on so many changed inputs."""
    rng = random.Random(f"{seed} {parser.name}")
    change = parser.mutate or mutated
    tally, start = Tally(), time.monotonic()
    for _ in range(runs):
        data = change(rng, rng.choice(parser.seeds), parser.seeds)
        faulthandler.dump_traceback_later(SLOW, exit=True)  # a hang ends the run, with its place
        try:
            parser.call(data)
            tally.read += 1
        except parser.allowed as error:
            tally.refused += 1
            if "\n" in str(error) and OutlookError in parser.allowed:
                _keep(tally, parser, data, "message of several lines", kept)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            what = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
            if what not in tally.findings:
                print(f"  {what}: {str(error)[:200]!r}")
            _keep(tally, parser, data, what, kept)
        faulthandler.cancel_dump_traceback_later()
        tally.runs += 1
    tally.seconds = time.monotonic() - start
    return tally


def _keep(tally: Tally, parser: Parser, data: bytes, what: str, kept: Path) -> None:
    if what not in tally.findings:
        name = f"{parser.name}-{len(tally.findings)}".replace(" ", "-").replace("/", "-")
        (kept / name).write_bytes(data)
    tally.findings[what] = tally.findings.get(what, 0) + 1


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--runs", type=int, default=1_000_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", default="", help="parsers whose name holds this word")
    given = options.parse_args()
    kept = Path(tempfile.mkdtemp(prefix="outlook-fuzz-"))
    totals = Tally()
    with tempfile.TemporaryDirectory() as folder:
        chosen = [p for p in parsers(Path(folder)) if given.only in p.name]
        shares = sum(p.share for p in chosen)
        print(f"{'parser':32}{'runs':>10}{'read':>10}{'refused':>10}{'findings':>10}{'s':>8}")
        for parser in chosen:
            runs = -int(-given.runs * parser.share // shares)  # rounded up: no fewer than asked
            tally = fuzz(parser, runs, given.seed, kept)
            found = sum(tally.findings.values())
            print(f"{parser.name:32}{tally.runs:10,}{tally.read:10,}{tally.refused:10,}"
                  f"{found:10,}{tally.seconds:8.1f}", flush=True)  # fmt: skip
            for what, times in tally.findings.items():
                print(f"  {times:,} x {what}", flush=True)
            for name in ("runs", "read", "refused", "seconds"):
                setattr(totals, name, getattr(totals, name) + getattr(tally, name))
            totals.findings |= {f"{parser.name}: {w}": n for w, n in tally.findings.items()}
    print(f"{'all':32}{totals.runs:10,}{totals.read:10,}{totals.refused:10,}"
          f"{sum(totals.findings.values()):10,}{totals.seconds:8.1f}")  # fmt: skip
    if totals.findings:
        print(f"inputs kept in {kept}")
        return 1
    kept.rmdir()
    return 0


if __name__ == "__main__":
    sys.exit(main())
