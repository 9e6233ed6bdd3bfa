"""BLS's files in their layouts, of the made occupations."""

from __future__ import annotations

from collections.abc import Callable

from .tables import CODES, EDUCATION, LEVELS, TITLES, Source, Table, job, onet

_WAGES = [f"{kind}_{what}" for what in ("MEAN", "PCT10", "PCT25", "MEDIAN", "PCT75", "PCT90")
          for kind in "HA"]  # fmt: skip
_OEWS_HEAD = ["AREA", "AREA_TITLE", "PRIM_STATE", "OWN_CODE", "OCC_CODE", "OCC_TITLE", "O_GROUP",
              "TOT_EMP", "EMP_PRSE", "LOC_QUOTIENT", "MEAN_PRSE", *_WAGES,
              "ANNUAL", "HOURLY"]  # fmt: skip
_PER_HOUR = (25.0, 15.0, 19.0, 24.0, 30.0, 38.0)


def _jobs(code: str) -> float:
    """29-2071 was parted into 29-2072 and 29-9021: the nation's jobs stay as many."""
    parts = [code] if code in CODES else ["29-2072", "29-9021"]
    return sum(job(CODES.index(part)) for part in parts)


def _oews(year: int, areas: list[tuple[int, str, str]], kind: str) -> Source:
    codes = [c for c in CODES if c != "29-9021" or year >= 2019]
    codes = ["29-2071" if c == "29-2072" and year < 2019 else c for c in codes]
    rows = []
    for area, title, state in areas:
        share = 1 if area == 99 else 0.1
        local = [(code, "detailed", _jobs(code) * share) for code in codes]
        total = sum(jobs for _, _, jobs in local)
        for code, group, jobs in [("00-0000", "total", total), *local]:
            hourly = [v + year - 2015 for v in _PER_HOUR]
            wages = [v for h in hourly for v in (h, round(h * 2080, -1))]
            rows.append([area, title, state, 1235, code,
                         "All Occupations" if group == "total" else TITLES.get(code, "Made old"),
                         group, jobs, 1.5, 1.0 if area != 99 else "", 0.8, *wages, "",
                         ""])  # fmt: skip
    folder = f"oesm{year % 100}{'nat' if kind == 'national' else 'st'}/"
    return Source("books", {f"{kind}_M{year}_dl.xlsx": Table(list(_OEWS_HEAD), rows)},
                  folder=folder)  # fmt: skip


def national(year: int) -> Callable[[], Source]:
    return lambda: _oews(year, [(99, "U.S.", "US")], "national")


def states() -> Source:
    return _oews(2025, [(1, "Alabama", "AL"), (2, "Alaska", "AK")], "state")


def areas() -> Source:
    """One metropolitan and one nonmetropolitan area, a workbook each."""
    tables = {}
    columbus = ("18140", "Columbus, OH", "OH")
    rural = ("0100001", "Northwest Alabama nonmetropolitan area", "AL")
    for prefix, place in (("MSA", columbus), ("BOS", rural)):
        made = _oews(2025, [(1, "x", "OH")], "state").tables["state_M2025_dl.xlsx"]
        made.rows = [[*place, *row[3:]] for row in made.rows]
        tables[f"{prefix}_M2025_dl.xlsx"] = made
    return Source("books", tables, folder="oesm25ma/")


def price_index() -> Source:
    """As BLS pads its cells; two series, of which one is read, and the years' means (M13)."""
    head = ["series_id        ", "year", "period", "       value", "footnote_codes"]
    rows = [["CUSR0000SA0      ", 2015, f"M{month:02}", "     200.000", ""] for month in (1, 2)]
    for year in range(2015, 2026):
        for month in range(1, 14):
            value = f"{200 + 12 * (year - 2015) + month:12.3f}"
            rows.append(["CUUR0000SA0      ", year, f"M{month:02}", value, ""])
    return Source("text", {"": Table(head, rows)}, "\t")


def ep_workbook() -> Source:
    base, span = 2022, "2022-32"
    matrix = [f"{base} National Employment Matrix {what}" for what in ("title", "code")]
    jobs = [
        *matrix,
        "Occupation type",
        f"Employment, {base}",
        f"Employment, {base + 10}",
        f"Employment change, numeric, {span}",
        f"Employment change, percent, {span}",
    ]
    needs = [
        "Typical education needed for entry",
        "Work experience in a related occupation",
        "Typical on-the-job training needed to attain competency in the occupation",
    ]
    openings = f"Occupational openings, {span} annual average"

    def counts(code: str) -> list:
        now = job(CODES.index(code)) / 1000
        return [
            TITLES[code],
            code,
            "Line item",
            now,
            round(now * 1.1, 1),
            round(now * 0.1, 1),
            10.0,
        ]

    every = sum(job(n) for n in range(len(CODES))) / 1000
    total = ["Total, all occupations", "00-0000", "Summary", every, every * 1.1, every * 0.1, 10.0]
    assigned = [EDUCATION, "None", "None"]
    split = [5.0, 25.0, 30.0, 20.0, 15.0, 4.0, 1.0]
    name = {code: [TITLES[code], code] for code in CODES}
    industry = [f"{base} National Employment Matrix {what}" for what in (
        "occupation title", "occupation code", "industry title", "industry code")]  # fmt: skip
    tables = {
        "Table 1.2": Table([*jobs, openings], [[*total, 9], *([*counts(c), 2.5] for c in CODES)]),
        "Table 1.7": Table(
            [*jobs, f"Percent self employed, {base}", openings, f"Median annual wage, {base}(1)",
             *needs],
            [[*total, 6, 9, 50000, "—", "—", "—"],
             *([*counts(c), 1.0, 2.5, 48000, *assigned] for c in CODES)],
            after=[["Footnotes:"], ["(1) Made wages"]],
        ),
        "Table 1.10": Table(
            [*jobs, f"Labor force exits, {span} annual average",
             f"Occupational transfers, {span} annual average", openings],
            [[*total, 4.5, 5.5, 9], *([*counts(c), 0.5, 0.7, 2.5] for c in CODES)],
        ),
        "Table 1.12": Table([*industry, "Factors affecting occupational utilization"],
                            [[*name[c], "Total employment", "TE1000", "Fewer hands: software"]
                             for c in CODES]),
        "Table 5.3": Table([*matrix, *LEVELS], [[*name[c], *split] for c in CODES]),
        "Table 5.4": Table([*matrix, *needs], [[*name[c], *assigned] for c in CODES]),
    }  # fmt: skip
    for sheet, table in tables.items():
        table.before = [[f"{sheet} made"]]
    return Source("book", tables)


def ep_export() -> Source:
    head = ["Occupation Title", "Occupation Code", "Employment 2024", "Employment 2034",
            "Employment Change, 2024-2034", "Employment Percent Change, 2024-2034",
            "Occupational Openings, 2024-2034 Annual Average", "Median Annual Wage 2024",
            "Typical Entry-Level Education", "Education Code",
            "Work Experience in a Related Occupation", "Workex Code",
            "Typical on-the-job Training", "trCode"]  # fmt: skip
    rows = []
    for n, code in enumerate(CODES):
        now = job(n) / 1000
        rows.append([f"{TITLES[code]} * Made title", f'="{code}"', f"{now:.1f}", f"{now * 1.1:.1f}",
                     f"{now * 0.1:.1f}", "10.0", "2.5", "51,000", EDUCATION, "4", "None", "4",
                     "None", "6"])  # fmt: skip
    return Source("text", {"": Table(head, rows)})


def nem() -> Source:
    head = ["O*NET-SOC Code", "O*NET-SOC Title", "NEM Code",
            "National Employment Matrix Occupational Title", "OOH Profile Title"]  # fmt: skip
    rows = [[onet(c), TITLES[c], c, TITLES[c], "Made page"] for c in CODES]
    return Source(
        "book", {"ONET to SOC crosswalk": Table(head, rows, [["A title"], ["As of 9/6/2023"]])}
    )
