"""Files of schools, programs, prices and graduates' earnings, of the made occupations."""

from __future__ import annotations

from .tables import CODES, TITLES, Source, Table

#: Unit id, control, and whether it has closed, of the made schools.
SCHOOLS = ((100001, 1, "-2"), (100002, 2, "-2"), (100003, 3, "12/31/2023"))
_PROGRAMS = {code: f"{code[:2]}.{code[3:]}" for code in CODES}


def cip_soc() -> Source:
    head = ["CIP2020Code", "CIP2020Title", "SOC2018Code", "SOC2018Title"]
    rows = [[_PROGRAMS[c], f"Made program {c}.", c, TITLES[c]] for c in CODES]
    return Source("book", {"CIP-SOC": Table(head, rows)})


def completions() -> Source:
    head = ["UNITID", "CIPCODE", "MAJORNUM", "AWLEVEL", "CTOTALT"]
    rows = [[unit, _PROGRAMS[c], 1, 3, 10 + n] for unit, *_ in SCHOOLS
            for n, c in enumerate(CODES)]  # fmt: skip
    rows += [[unit, "99", 1, 3, sum(10 + n for n in range(len(CODES)))] for unit, *_ in SCHOOLS]
    return Source("zip", {"c2024_a.csv": Table(head, rows)})


def institutions() -> Source:
    head = ["UNITID", "INSTNM", "CITY", "STABBR", "ZIP", "CONTROL", "ICLEVEL", "CLOSEDAT",
            "CYACTIVE", "LATITUDE", "LONGITUD"]  # fmt: skip
    rows = [[unit, f"Made school {unit}", "Columbus", "OH", f"4320{n}", control, 2, closed, 1,
             40 + n / 10, -83] for n, (unit, control, closed) in enumerate(SCHOOLS)]  # fmt: skip
    return Source("zip", {"hd2024.csv": Table(head, rows)})


def charges() -> Source:
    head = ["UNITID", "CHG1AY3", "CHG2AY3", "CHG3AY3 "]
    rows = [[unit, 4000 * n, 4500 * n, "."] for n, (unit, *_) in enumerate(SCHOOLS, 1)]
    return Source("zip", {"ic2023_ay.csv": Table(head, rows)})


def scorecard() -> Source:
    head = ["UNITID", "CIPCODE", "CREDLEV", "EARN_MDN_1YR", "EARN_MDN_4YR",
            "DEBT_ALL_STGP_EVAL_MDN"]  # fmt: skip
    fields = sorted({p.replace(".", "")[:4] for p in _PROGRAMS.values()})
    rows = [[unit, field, 2, "PS", 40_000 + unit % 10, 9_000] for unit, *_ in SCHOOLS
            for field in fields]  # fmt: skip
    name = "Most-Recent-Cohorts-Field-of-Study.csv"
    return Source("zip", {name: Table(head, rows)})
