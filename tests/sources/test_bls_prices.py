"""BLS's file of consumer prices: what is read, what is left out, what is refused."""

from __future__ import annotations

import pandas as pd
import pytest

from pipelines.base import contracts
from pipelines.base.errors import ShapeChanged, SourceFailed
from pipelines.sources.catalog import dataset_of
from pipelines.sources.read import bls_prices

CPI = dataset_of("cpi_u")
HEAD = "series_id        \tyear\tperiod\t       value\tfootnote_codes\n"
ROWS = (
    "CUSR0000SA0      \t2015\tM05\t     237.001\t\n"
    "CUUR0000SA0      \t2009\tM05\t     213.856\t\n"
    "CUUR0000SA0      \t2015\tM05\t     237.805\t\n"
    "CUUR0000SA0      \t2015\tM13\t     237.017\t\n"
    "CUUS0000SA0      \t2015\tS01\t     236.265\t\n"
    "CUUR0000SA0      \t2025\tM09\t     324.800\t \n"
    "CUUR0000SA0      \t2025\tM10\t           -\tX\n"
    "CUUR0000SA0      \t2025\tM11\t     324.122\t R\n"
)


@pytest.fixture
def load(tmp_path):
    def read(text: str) -> pd.DataFrame:
        file = tmp_path / "cu.data.1.AllItems"
        file.write_bytes(text.encode())
        found = bls_prices.load(file, CPI)["price_index"]
        return contracts.check("price_index", found, CPI.url)

    return read


def test_months_of_the_series_are_read_from_padded_cells(load):
    frame = load(HEAD + ROWS)
    assert set(frame["series_id"]) == {"CUUR0000SA0"}
    assert frame[["year", "month", "value"]].to_numpy().tolist() == [
        [2015, 5, 237.805], [2025, 9, 324.8], [2025, 11, 324.122],
    ]  # fmt: skip
    assert frame["footnote_codes"].tolist()[2] == "R"
    assert frame["footnote_codes"].isna().tolist() == [True, True, False]


def test_a_month_that_was_not_published_has_no_row(load):
    """October 2025 is marked "-"; no number stands in for it."""
    assert (2025, 10) not in set(load(HEAD + ROWS)[["year", "month"]].itertuples(index=False))


def test_line_ends_and_padding_of_another_width_change_nothing(load):
    plain = (HEAD + ROWS).replace(" ", "")
    wide = (HEAD + ROWS).replace("\t", "   \t   ").replace("\n", "  \r\n")
    pd.testing.assert_frame_equal(load(plain), load(HEAD + ROWS))
    pd.testing.assert_frame_equal(load(wide), load(HEAD + ROWS))


def test_release_and_date_are_those_of_the_newest_month(tmp_path):
    file = tmp_path / "file"
    file.write_text(HEAD + ROWS)
    dated = CPI.dated(file)
    assert (dated.release, dated.date) == ("November 2025", "2025-11")
    telework = dataset_of("telework")
    assert telework.dated(file) == telework  # its release is the catalog's


MAY = "CUUR0000SA0      \t2015\tM05\t     237.805\t\n"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (HEAD + ROWS + MAY, "share a key.*CUUR0000SA0 2015 5"),
        (HEAD + MAY.replace("237.805", "many"), "value.*many"),
        (HEAD + MAY.replace("237.805", ""), "value.*number or -.*empty"),
        (HEAD + MAY.replace("237.805", "-7.000"), "value.*-7"),
        (HEAD + MAY.replace("237.805", "1e999"), "value.*1e999"),
        (HEAD + MAY.replace("M05", "May"), "period.*May"),
        (HEAD + MAY.replace("2015", "20x5"), "year.*20x5"),
        (HEAD + MAY.replace("CUUR", "XXUR"), "series_id.*XXUR"),
        (HEAD + MAY.replace("SA0 ", "AA0 "), "no monthly row of series CUUR0000SA0"),
        (HEAD + MAY.replace("237.805", "-"), "no month .* published value"),
        (HEAD.replace("period", "month") + MAY, "columns missing: period"),
        (HEAD, "no rows"),
        ((HEAD + MAY).replace("\t", ";"), "column"),
    ],
)
def test_what_is_not_as_expected_is_refused_and_named(load, text, named):
    with pytest.raises(ShapeChanged, match=named) as refused:
        load(text)
    assert CPI.url in str(refused.value)


def test_a_web_page_in_its_place_is_named(load):
    with pytest.raises(SourceFailed, match="HTML"):
        load("<!DOCTYPE html><html><body>Access Denied</body></html>")
