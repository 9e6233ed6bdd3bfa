"""What the made files are made of: twelve occupations with made figures, and tables of cells."""

from __future__ import annotations

from dataclasses import dataclass, field

CODES = ("11-9111", "15-1211", "15-1251", "17-3023", "19-4061", "29-2018", "29-2034", "29-2072",
         "29-9021", "31-9094", "43-6013", "43-9021")  # fmt: skip
TITLES = {code: f"Made occupation {code[:2]}{code[3:]}" for code in CODES}
EDUCATION = "Associate's degree"
LEVELS = ["Less than high school diploma", "High school diploma or equivalent",
           "Some college, no degree", "Associate's degree", "Bachelor's degree",
           "Master's degree", "Doctoral or professional degree"]  # fmt: skip


@dataclass
class Table:
    """A header, its rows, and what stands above and below them."""

    header: list[str]
    rows: list[list]
    before: list[list] = field(default_factory=list)
    after: list[list] = field(default_factory=list)

    def column(self, name: str) -> int:
        return self.header.index(name)

    def all_rows(self) -> list[list]:
        return [*self.before, self.header, *self.rows, *self.after]


@dataclass
class Source:
    """Tables by name, and how they lie in the file.

    ``kind`` is text, zip (of texts), book (sheets), or zipped books.
    """

    kind: str
    tables: dict[str, Table]
    delimiter: str = ","
    folder: str = ""


def job(n: int) -> int:
    """Employment of the nth occupation."""
    return 10_000 + 1_370 * n


def onet(code: str) -> str:
    return f"{code}.00"
