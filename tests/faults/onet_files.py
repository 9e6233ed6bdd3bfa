"""O*NET's files in their layouts, of the made occupations."""

from __future__ import annotations

from .tables import CODES, TITLES, Source, Table, onet

_TASK_HEAD = ["O*NET-SOC Code", "Task ID", "Task", "Task Type", "Incumbents Responding", "Date",
              "Domain Source"]  # fmt: skip
_RATED = ["O*NET-SOC Code", "Element ID", "Element Name", "Scale ID", "Data Value",
          "Standard Error", "Recommend Suppress", "Not Relevant", "Date"]  # fmt: skip
_SHARES = ["O*NET-SOC Code", "Scale ID", "Category", "Data Value", "N", "Standard Error",
           "Recommend Suppress", "Date"]  # fmt: skip


def tasks() -> Table:
    return Table(
        list(_TASK_HEAD),
        [[onet(code), 1000 + 10 * n + k, f"Do made thing {k} of {TITLES[code]}.", "Core", 30 + n,
          "08/2023", "Incumbent"]
         for n, code in enumerate(CODES) for k in range(3)],
    )  # fmt: skip


def _occupations() -> Table:
    return Table(["O*NET-SOC Code", "Title", "Description"],
                 [[onet(c), TITLES[c], f"Made work of {c}."] for c in CODES])  # fmt: skip


def _education() -> Table:
    return Table(
        list(_SHARES),
        [[onet(code), scale, category, percent, 25, 1.5, "N", "08/2023"]
         for code in CODES for scale in ("RL", "RW", "PT", "OJ")
         for category, percent in ((1, 30.0), (2, 70.0))],
    )  # fmt: skip


def _reported() -> Table:
    return Table(["O*NET-SOC Code", "Reported Job Title", "Shown in My Next Move"],
                 [[onet(code), f"Maker {code}", "Y"] for code in CODES])  # fmt: skip


def _rated(prefix: str, scales: tuple[str, ...] = ("IM", "LV"), elements: int = 3) -> Table:
    return Table(
        list(_RATED),
        [[onet(code), f"{prefix}.{e}", f"Element {e}", scale, round(2 + (n + e) % 5 / 2, 2), 0.1,
          "N", "n/a", "08/2023"]
         for n, code in enumerate(CODES) for e in range(elements) for scale in scales],
    )  # fmt: skip


def onet_text() -> Source:
    coded = [row[:2] for row in tasks().rows]
    dwa = [f"4.A.1.a.1.I01.D{k:02}" for k in range(3)]
    tables = {
        "Occupation Data": _occupations(),
        "Task Statements": tasks(),
        "Task Ratings": Table(
            ["O*NET-SOC Code", "Task ID", *_SHARES[1:]],
            [[code, task, scale, "n/a", value, 20, 0.1, "N", "08/2023"]
             for code, task in coded for scale, value in (("IM", 4.1), ("RL", 80.5))],
        ),
        "Tasks to DWAs": Table(["O*NET-SOC Code", "Task ID", "DWA ID"],
                               [[code, task, dwa[task % 3]] for code, task in coded]),
        "DWA Reference": Table(["Element ID", "IWA ID", "DWA ID", "DWA Title"],
                               [["4.A.1.a.1", "4.A.1.a.1.I01", d, f"Do {d}"] for d in dwa]),
        "IWA Reference": Table(["Element ID", "IWA ID", "IWA Title"],
                               [["4.A.1.a.1", "4.A.1.a.1.I01", "Do made things"]]),
        "Job Zones": Table(["O*NET-SOC Code", "Job Zone", "Date"],
                           [[onet(code), 3, "08/2023"] for code in CODES]),
        "Education, Training, and Experience": _education(),
        "Related Occupations": Table(
            ["O*NET-SOC Code", "Related O*NET-SOC Code", "Relatedness Tier", "Index"],
            [[onet(a), onet(b), "Primary-Short", abs(i - j)]
             for i, a in enumerate(CODES) for j, b in enumerate(CODES) if 0 < j - i < 4],
        ),
        "Skills": _rated("2.A.1"),
        "Knowledge": _rated("2.C.1"),
        "Work Styles": _rated("1.C.1", ("IM",)),
        "Alternate Titles": Table(["O*NET-SOC Code", "Alternate Title", "Short Title"],
                                  [[onet(code), f"Doer {code}", "n/a"] for code in CODES]),
        "Sample of Reported Titles": _reported(),
        "Technology Skills": Table(
            ["O*NET-SOC Code", "Example", "Commodity Code", "Commodity Title", "Hot Technology",
             "In Demand"],
            [[onet(code), "Made Suite", 43232202, "Document management software", "Y", "N"]
             for code in CODES],
        ),
    }  # fmt: skip
    return Source("zip", {f"{k}.txt": v for k, v in tables.items()}, "\t", "db_29_3_text/")


def onet_30_1() -> Source:
    """A newer edition without task ratings: its tables by occupation are used, no other."""
    made = onet_text()
    kept = {name: table for name, table in made.tables.items() if name != "Task Ratings.txt"}
    return Source("zip", kept, "\t", "db_30_1_text/")


def onet_books() -> Source:
    tables = {
        "Task Statements": tasks(),
        "Occupation Data": _occupations(),
        "Sample of Reported Titles": _reported(),
        "Education, Training, and Experience": _education(),
    }
    return Source("books", {f"{k}.xlsx": v for k, v in tables.items()}, folder="db_30_2_excel/")


def onet_18() -> Source:
    parts = {"Abilities": "1.A.1", "Work Activities": "4.A.1", "Work Context": "4.C.1"}
    tables = {}
    for name, prefix in parts.items():
        scale = "CX" if name == "Work Context" else "IM"
        rated = _rated(prefix, (scale,))
        # 29-2071 was split into 29-2072 and 29-9021 in 2018.
        rows = [["29-2071.00" if row[0] == "29-2072.00" else row[0], *row[1:5]]
                for row in rated.rows if row[0] != "29-9021.00"]  # fmt: skip
        tables[f"{name}.txt"] = Table(_RATED[:5], rows)
    return Source("zip", tables, "\t", "db_18_1_text/")


def walk() -> Source:
    rows = []
    for code in CODES:
        old = "29-2071" if code in ("29-2072", "29-9021") else code
        rows.append([onet(old), f"Made occupation of {old}", onet(code), TITLES[code]])
    head = ["O*NET-SOC 2010 Code", "O*NET-SOC 2010 Title", "O*NET-SOC 2019 Code",
            "O*NET-SOC 2019 Title"]  # fmt: skip
    return Source("text", {"": Table(head, rows)})


def structure() -> Source:
    head = ["Major Group", "Minor Group", "Broad Occupation", "Detailed Occupation",
            "Detailed O*NET-SOC", "SOC or O*NET-SOC 2019 Title"]  # fmt: skip
    rows = [["", "", "", code, "", TITLES[code]] for code in CODES]
    majors = sorted({code[:2] for code in CODES})
    rows += [[f"{major}-0000", "", "", "", "", f"Major group {major}"] for major in majors]
    return Source("text", {"": Table(head, rows)})
