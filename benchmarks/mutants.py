"""Small changes to the code, one at a time: does a test fail? The share that does is printed.

    python benchmarks/mutants.py MODULE... --tests FILE... [--jobs 2] [--sample N --seed S]
                                 [--kind operator|number|string|call|other]... [--lines 10-40]

MODULE is a file under pipelines/ (a .toml among them has its numbers changed), FILE a test file
or a node id. The operators are mutmut's, with these differences: module constants are changed
too; a decimal number is doubled and halved, a whole number raised and lowered by one (a .95 that
turns into 1.95 fails everywhere and proves nothing); of a text there is one change, not three.

Nothing is written. The parent process loads the libraries once; each mutant runs in a fork of its
own, in which the import of the changed module gives the changed source. Of the tests only those
run that called the changed function when all was well (a change outside a function, in one with a
decorator, or in one that a fixture of several tests calls, runs all), the quickest first, until
one fails. Property tests take 20 examples.
A mutant that runs out of time (`--timeout`, by default ten times what its tests took, and at
least 10 s) counts as killed. Tests that start another process do not see mutants there.

Ctrl+C, or TERM, ends a run early and prints the share so far. Exit code 1 where fewer than
`--least` percent are killed.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import difflib
import gc
import importlib
import importlib.abc
import importlib.util
import io
import os
import pickle
import random
import re
import signal
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
#: Own code, which every fork imports anew.
OWN = ("pipelines", "tests")
KINDS = ("number", "operator", "string", "call", "other")


@dataclass(frozen=True)
class Mutant:
    """One change: the whole changed text of a file, and where it was made."""

    path: Path
    source: str
    line: int
    function: str | None  # as in `calls`; None: the tests of the whole module
    kind: str

    def __str__(self) -> str:
        old, new = self.path.read_text("utf-8").splitlines(), self.source.splitlines()
        changed = [
            f"{line[0]} {line[2:].strip()}"
            for line in difflib.ndiff(old, new)
            if line[0] in "+-" and line[2:].strip()
        ]
        return f"{self.path.relative_to(ROOT)}:{self.line}: [{self.kind}] {'  '.join(changed)}"


def _operators() -> list:
    import libcst as cst
    from mutmut.mutation import mutators

    def number(node):
        value = node.evaluated_value
        for other in (value + 1, value - 1) if isinstance(value, int) else (value * 2, value / 2):
            # A number with a sign is an expression, not a literal.
            text = repr(other) if other >= 0 else f"({other!r})"
            if other != value:
                yield (node.with_changes(value=text) if other >= 0 else cst.parse_expression(text))

    def string(node):
        yield from list(mutators.operator_string(node))[:1]

    own = {mutators.operator_number: number, mutators.operator_string: string}
    found = [(kind, own.get(change, change)) for kind, change in mutators.mutation_operators]
    return [
        ((cst.Integer, cst.Float), change) if change is number else (kind, change)
        for kind, change in found
    ]


def _kind(node: object) -> str:
    import libcst as cst

    for kind, name in (
        ((cst.Integer, cst.Float), "number"),
        ((cst.BaseString,), "string"),
        ((cst.Call,), "call"),
        (
            (cst.BinaryOperation, cst.UnaryOperation, cst.BooleanOperation, cst.ComparisonTarget,
             cst.AugAssign, cst.IfExp), "operator",
        ),
    ):  # fmt: skip
        if isinstance(node, kind):
            return name
    return "other"


def of_python(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module."""
    import libcst as cst
    from libcst.metadata import MetadataWrapper, PositionProvider
    from mutmut.mutation.file_mutation import MutationVisitor
    from mutmut.mutation.pragma_handling import IgnoredCode

    text = path.read_text("utf-8")
    wrapper = MetadataWrapper(cst.parse_module(text))
    visitor = MutationVisitor(_operators(), IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    module = wrapper.module
    at = wrapper.resolve(PositionProvider)
    for change in visitor.mutations:
        node = change.original_node
        changed = module.deep_replace(node, change.mutated_node)
        source = cst.ensure_type(changed, cst.Module).code
        try:
            tree = ast.parse(source)
        except SyntaxError:
            continue
        if ast.dump(tree) == ast.dump(ast.parse(text)):
            continue
        outer = change.contained_by_top_level_function
        function = outer.name.value if isinstance(outer, cst.FunctionDef) else None
        position = at.get(node)
        line = position.start.line if position else _first_difference(text, source)
        yield Mutant(path, source, line, function, _kind(node))


def of_toml(path: Path) -> Iterator[Mutant]:
    """Every number of a settings file doubled and halved (0: raised to 1)."""
    text = path.read_text("utf-8")
    for found in re.finditer(r"(?m)^\w+ = (-?[\d.]+)$", text):
        number = found[1]
        value = float(number) if "." in number else int(number)
        for other in (value * 2, value / 2) if value else (1,):
            source = text[: found.start(1)] + repr(other) + text[found.end(1) :]
            yield Mutant(path, source, text.count("\n", 0, found.start(1)) + 1, None, "number")


def _first_difference(old: str, new: str) -> int:
    pairs = zip(old.splitlines(), new.splitlines(), strict=False)
    return next((i for i, (a, b) in enumerate(pairs, 1) if a != b), 1)


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the changed source to the import of its module."""

    def __init__(self, name: str, mutant: Mutant) -> None:
        self.name, self.mutant = name, mutant

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(
            name,
            self.mutant.path,
            loader=self,
            submodule_search_locations=(
                [str(self.mutant.path.parent)] if self.mutant.path.stem == "__init__" else None
            ),
        )

    def exec_module(self, module) -> None:
        code = compile(self.mutant.source, str(self.mutant.path), "exec", dont_inherit=True)
        exec(code, module.__dict__)


def _apply(mutant: Mutant) -> None:
    if mutant.path.suffix == ".toml":
        text, loads = mutant.path.read_text("utf-8"), tomllib.loads
        tomllib.loads = lambda s, **named: loads(mutant.source if s == text else s, **named)
        return
    parts = mutant.path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    sys.meta_path.insert(0, _Changed(name, mutant))


class _Watch:
    """What a run without a change tells: which tests call which function, and how long they take.

    Attributes
    ----------
    calls : dict
        Node ids by (path, function); None among them where it was called outside a test.
    seconds : dict
        By node id.
    """

    def __init__(self, paths: list[Path]) -> None:
        self.paths = {str(path) for path in paths}
        self.calls: dict[tuple[str, str], set] = defaultdict(set)
        self.seconds: dict[str, float] = {}
        self.test: str | None = None
        sys.setprofile(self.profile)

    def profile(self, frame, event, _) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename in self.paths:
            # A function within a function is its outer one's; so is a method its class's.
            for name in code.co_qualname.split("."):
                self.calls[code.co_filename, name].add(self.test)

    def pytest_runtest_logstart(self, nodeid, location) -> None:
        self.test = nodeid
        self.seconds[nodeid] = 0.0

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef):
        """What a fixture of several tests calls, each of them may see, not only the first."""
        test = self.test
        if fixturedef.scope != "function":
            self.test = None
        try:
            return (yield)
        finally:
            self.test = test

    def pytest_runtest_logreport(self, report) -> None:
        self.seconds[report.nodeid] += report.duration

    def pytest_runtest_logfinish(self, nodeid, location) -> None:
        self.test = None


def _pytest(tests: list[str], *plugins: object) -> int:
    for name in [n for n in sys.modules if n.partition(".")[0] in OWN]:
        del sys.modules[name]
    options = ["-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist"]
    options += ["-p", "no:unraisableexception", "-p", "no:threadexception", "-W", "ignore"]
    options += ["--hypothesis-profile=mutants"]
    return int(pytest.main([*options, *tests], plugins=list(plugins)))


def _fork(work, said: Path) -> int:
    """Run `work` in a fork of its own, what it prints into `said`; its process number."""
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with said.open("w") as out:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
            code = work()
    finally:
        os._exit(code)


def baseline(tests: list[str], paths: list[Path], folder: Path) -> dict:
    """The run without a change, in a fork; the libraries it loads are then loaded here."""
    told, said = folder / "watch", folder / "said"

    def work() -> int:
        watch = _Watch(paths)
        code = _pytest(tests, watch)
        sys.setprofile(None)
        foreign = [
            name
            for name, module in list(sys.modules.items())
            if name.partition(".")[0] not in OWN and getattr(module, "__spec__", None)
        ]
        told.write_bytes(pickle.dumps((dict(watch.calls), watch.seconds, foreign)))
        return code

    _, status = os.waitpid(_fork(work, said), 0)
    if status:
        sys.exit(f"the tests fail without any change:\n{said.read_text()}")
    calls, seconds, foreign = pickle.loads(told.read_bytes())
    for name in foreign:
        if not name.startswith(("_pytest", "conftest", "test_", "__")):
            with contextlib.suppress(Exception), contextlib.redirect_stderr(io.StringIO()):
                importlib.import_module(name)
    gc.freeze()  # what stands here is not searched for garbage in every fork
    return {"calls": calls, "seconds": seconds}


def chosen(mutant: Mutant, watched: dict) -> list[str]:
    """Tests that may see a mutant, the quickest first."""
    seconds = watched["seconds"]
    tests = set(seconds)
    if mutant.function is not None:
        called = watched["calls"].get((str(mutant.path), mutant.function), set())
        if None not in called:
            tests = called
    return sorted(tests, key=lambda test: (seconds[test], test))


def run(mutants: list[Mutant], watched: dict, jobs: int, timeout: float, folder: Path) -> list[str]:
    """Outcome of each mutant: killed, survived, no test, out of time; "not run" after Ctrl+C."""
    every = [(i, chosen(m, watched)) for i, m in enumerate(mutants)]
    outcome = ["not run" if tests else "no test" for _, tests in every]
    waiting = [(i, tests) for i, tests in every if tests]
    running: dict[int, tuple[int, float]] = {}
    done = len(mutants) - len(waiting)
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                i, tests = waiting.pop(0)
                limit = timeout or max(10.0, 10 * sum(watched["seconds"][t] for t in tests))

                def work(mutant=mutants[i], tests=tests) -> int:
                    _apply(mutant)
                    return _pytest(tests)

                child = _fork(work, folder / f"said{i % jobs}")
                running[child] = (i, time.monotonic() + limit)
            child, status = os.waitpid(-1, os.WNOHANG)
            if child:
                i, _ = running.pop(child)
                if outcome[i] != "out of time":
                    outcome[i] = "killed" if status else "survived"
                if outcome[i] == "survived":
                    print(f"survived: {mutants[i]}", flush=True)
                done += 1
                if sys.stderr.isatty() or done % 100 == 0:
                    print(f"{done} of {len(mutants)}", end="\r" if sys.stderr.isatty() else "\n",
                          file=sys.stderr)  # fmt: skip
                continue
            for child, (i, end) in running.items():
                if time.monotonic() > end and outcome[i] != "out of time":
                    outcome[i] = "out of time"
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(child, signal.SIGKILL)
            time.sleep(0.01)
    except KeyboardInterrupt:
        for child in running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
    return outcome


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="+", type=Path)
    parser.add_argument("--tests", nargs="+", required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sample", type=int, help="so many mutants at random")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", action="append", choices=KINDS, help="only these (default: all)")
    parser.add_argument("--lines", help="only these lines of the modules, as 10-40")
    parser.add_argument("--timeout", type=float, default=0.0, help="seconds a mutant")
    parser.add_argument("--least", type=float, default=0.0, help="percent that must be killed")
    return parser.parse_args()


def main() -> int:
    asked = _asked()
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.path.insert(0, str(ROOT))
    sys.dont_write_bytecode = False
    from hypothesis import settings

    settings.register_profile("mutants", max_examples=20, deadline=None, database=None)
    paths = [path.resolve() for path in asked.modules]
    mutants = [m for p in paths for m in (of_toml if p.suffix == ".toml" else of_python)(p)]
    if asked.kind:
        mutants = [m for m in mutants if m.kind in asked.kind]
    if asked.lines:
        low, high = map(int, asked.lines.split("-"))
        mutants = [m for m in mutants if low <= m.line <= high]
    if asked.sample is not None and asked.sample < len(mutants):
        kept = sorted(random.Random(asked.seed).sample(range(len(mutants)), asked.sample))
        mutants = [mutants[i] for i in kept]
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        watched = baseline(asked.tests, [p for p in paths if p.suffix == ".py"], Path(folder))
        print(f"{len(watched['seconds'])} tests, {len(mutants)} mutants", flush=True)
        outcome = run(mutants, watched, asked.jobs, asked.timeout, Path(folder))
    for mutant, result in zip(mutants, outcome, strict=True):
        if result == "no test":
            print(f"{result}: {mutant}")
    asked_of = [(m.path, o) for m, o in zip(mutants, outcome, strict=True) if o != "not run"]
    killed = Counter(path for path, o in asked_of if o not in ("survived", "no test"))
    every = Counter(path for path, _ in asked_of)
    for path in every:
        print(f"{path.relative_to(ROOT)}: {killed[path]} of {every[path]} killed")
    share = 100 * killed.total() / max(every.total(), 1)
    tally = ", ".join(f"{n} {name}" for name, n in Counter(outcome).most_common())
    print(f"{share:.1f} % killed ({tally}) in {time.monotonic() - start:.0f} s")
    return 1 if share < asked.least else 0


if __name__ == "__main__":
    sys.exit(main())
