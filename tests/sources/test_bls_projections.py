"""Employment Projections: anchors on the full files, the next decade and refusals on made ones."""

from __future__ import annotations

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base import contracts
from pipelines.base.errors import OutlookError, ShapeChanged, SourceFailed
from pipelines.sources.catalog import dataset_of, load_catalog
from pipelines.sources.read import bls_projections as ep

CATALOG = load_catalog()


def loaded(sources, name):
    dataset = dataset_of(name)
    return dataset.load()(sources / dataset.mirror_path, dataset)


def made_book(path, *, base=2025, change=lambda sheets: None):
    """A workbook of three occupations in BLS's layout, for any decade."""
    span, end = f"{base}–{(base + 10) % 100}", base + 10
    matrix = [f"{base} National Employment Matrix {what}" for what in ("title", "code")]
    change_of = [f"Employment change, {unit}, {span}" for unit in ("numeric", "percent")]
    years = [f"Employment, {base}", f"Employment, {end}"]
    jobs = [*matrix, "Occupation type", *years, *change_of]
    needs = [
        "Typical education needed for entry(2)",
        "Work experience in a related occupation",
        "Typical on-the-job training needed to attain competency in the occupation",
    ]
    openings = f"Occupational openings, {span} annual average"
    total = ["Total, all occupations", "00-0000", "Summary", 100.5, 110.5, 10, 10]
    records = [" Medical records specialists ", "29-2072", "Line item", "1,194.8", 180, -14.8, -7.6]
    actors = ["  Actors", "27-2011", "Line item", 57, 57.1, 0.1, 0.2]
    award = ["Postsecondary nondegree award", "None", "None"]
    college = ["Some college, no degree", "None", "Long-term on-the-job training"]
    split = [5.0, 25.0, 30.0, 20.0, 15.0, 4.0, 1.0]
    sheets = {
        "Table 1.2": [["Table 1.2 Employment"], [], [*jobs, openings],
                      [*total, 9], [*records, 14.2], [*actors, 6.3], ["Source: BLS"]],
        "Table 1.7 ": [["Table 1.7"], [*jobs, f"Percent self employed, {base}", openings,
                                       f"Median annual wage, {base}(1)", *needs],
                       [*total, 6, 9, 50000, "—", "—", "—"],
                       [*records, 1.0, 14.2, ">=$239,200", *award],
                       [*actors, "—", 6.3, "—", *college],
                       ["Footnotes:"], ["(1) Wages"]],
        "Table 1.10": [["Table 1.10"],
                       [*jobs, f"Labor force exit rate, {span} annual average",
                        f"Labor force exits, {span} annual average",
                        f"Occupational transfers, {span} annual average", openings],
                       [*actors, 3, 0.5, 0.7, 6.3], [*total, 4, 4.5, 5.5, 9],
                       [*records, 3, 7.6, 5.8, 14.2]],
        "Table 1.12": [["Table 1.12"],
                       [f"{base} National Employment Matrix occupation title",
                        f"{base} National Employment Matrix occupation code",
                        f"{base} National Employment Matrix industry title",
                        f"{base} National Employment Matrix industry code",
                        "Factors affecting occupational utilization"],
                       ["Medical records specialists", "29-2072", "Total employment", "TE1000",
                        "Fewer hands: AI helps"],
                       ["Actors", "27-2011", "Film", "1131-2", "Fewer hands: plain trains"]],
        "Table 5.3": [["Table 5.3"], [*matrix, *ep._LEVELS],
                      ["Medical records specialists(1)", "29-2072", *split],
                      ["Actors", "27-2011", *split],
                      ["Footnotes:"], ["(1) It is not an exact match with the survey."]],
        "Table 5.4": [["Table 5.4"], [*matrix, *needs],
                      ["Medical records specialists", "29-2072", *award],
                      ["Actors", "27-2011", *college]],
    }  # fmt: skip
    change(sheets)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
    book.save(path)
    return path


HEAD = ('"Occupation Title","Occupation Code","Employment 2025","Employment 2035",'
        '"Employment Change, 2025-2035","Employment Percent Change, 2025-2035",'
        '"Occupational Openings, 2025-2035 Annual Average","Median Annual Wage 2025",'
        '"Typical Entry-Level Education","Education Code",'
        '"Work Experience in a Related Occupation","Workex Code","Typical on-the-job Training",'
        '"trCode"')  # fmt: skip
LINE = (
    '"Chief executives    * Mayor* Governor","=""11-1011""","1,309.4","1,322.7","-13.3",'
    '"4.3","23.5",">=239,200","Bachelor\'s degree","3","5 years or more","1","None","6"'
)


def made_export(path, *lines, head=HEAD):
    path.write_bytes("\r\n".join([head, *lines, ""]).encode())
    return ep.load_export(path, dataset_of("ep_export"))["projections"]


def test_counts_of_the_workbook(sources):
    found = loaded(sources, "ep_workbook")
    for name, frame in found.items():
        contracts.check(name, frame)
    projections = found["projections"]
    assert projections["occupation_type"].value_counts().to_dict() == {
        "Line item": 832, "Summary": 281}  # fmt: skip
    assert set(projections["base_year"]) == {2022}
    assert set(projections["target_year"]) == {2032}
    assert (projections["annual_median_wage_flag"] == "top-coded").sum() == 12
    assert len(found["education_attainment"]) == 833 * 7
    assert len(found["utilization_factors"]) == 1065
    factors = found["utilization_factors"].set_index("soc_code")
    assert factors.loc["29-2072", "names_automation"]  # AI is named already in 2022-32


def test_counts_and_anchors_of_the_export(sources):
    frame = contracts.check("projections", loaded(sources, "ep_export")["projections"])
    assert len(frame) == 832
    assert (frame["annual_median_wage_flag"] == "top-coded").sum() == 17
    row = frame.set_index("soc_code").loc["29-2072"]
    assert row["title"] == "Medical records specialists"
    assert row[["employment_base", "employment_target", "annual_openings"]].tolist() == [
        194.8, 208.6, 14.2]  # fmt: skip
    assert row["typical_education"] == "Postsecondary nondegree award"
    assert row["work_experience"] == "None"
    assert not frame["title"].str.contains(r"\*|\s$").any()
    # The word None is a value: nothing is needed.
    assert (frame["work_experience"] == "None").sum() == 716
    assert frame["job_training"].notna().all()


@pytest.mark.parametrize("base", [2022, 2025, 2031, 2088])
def test_any_decade(tmp_path, base):
    found = ep.load_workbook(made_book(tmp_path / "o.xlsx", base=base), dataset_of("ep_workbook"))
    frame = contracts.check("projections", found["projections"])
    assert set(frame["base_year"]) == {base}
    assert set(frame["target_year"]) == {base + 10}


def test_cells_of_the_workbook(tmp_path):
    found = ep.load_workbook(made_book(tmp_path / "o.xlsx"), dataset_of("ep_workbook"))
    frame = contracts.check("projections", found["projections"]).set_index("soc_code")
    row = frame.loc["29-2072"]
    assert row["title"] == "Medical records specialists"
    assert row["employment_base"] == 1194.8
    assert row["employment_change"] == -14.8
    assert row["annual_median_wage_flag"] == "top-coded"
    assert row[["labor_force_exits", "occupational_transfers"]].tolist() == [7.6, 5.8]
    assert frame.loc["27-2011", "annual_median_wage_flag"] == "not applicable"
    assert frame["typical_education"].isna().to_dict()["00-0000"]
    match = contracts.check("education_attainment", found["education_attainment"])
    assert match.groupby("soc_code")["exact_match"].all().to_dict() == {
        "27-2011": True, "29-2072": False}  # fmt: skip
    factors = found["utilization_factors"].set_index("soc_code")["names_automation"]
    assert factors.to_dict() == {"29-2072": True, "27-2011": False}


def _drop(name):
    return lambda sheets: sheets.pop(name)


def _set(name, row, column, value):
    def change(sheets):
        sheets[name][row][column] = value

    return change


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_drop("Table 1.10"), "no sheet 'Table 1.10'"),
        (_set("Table 1.7 ", 1, 9, "Wage"), "Table 1.7.*Median annual wage"),
        (_set("Table 1.7 ", 3, 3, -5), "column employment_base, row 4: .*negative"),
        (_set("Table 1.7 ", 3, 3, "n.a."), "column employment_base, row 4"),
        (_set("Table 1.7 ", 3, 1, "292072"), "column soc_code, row 4"),
        (_set("Table 1.7 ", 3, 1, "27-2011"), "there twice"),
        (_set("Table 1.2", 4, 1, "29-2099"), "Table 1.2.*differ"),
        (_set("Table 1.2", 2, 3, "Employment, 2020"), "different years"),
        (_set("Table 5.4", 2, 2, "Master's degree"), "not what Table 5.4 assigns"),
        (_set("Table 5.3", 2, 3, "—"), "High school"),
        (_set("Table 5.3", 2, 0, "Medical records specialists(7)"), "footnote"),
        (_set("Table 5.3", 1, 1, "Code"), "no header row"),
    ],
)
def test_a_changed_workbook_is_refused(tmp_path, change, named):
    path = made_book(tmp_path / "o.xlsx", change=change)
    with pytest.raises(ShapeChanged, match=named):
        ep.load_workbook(path, dataset_of("ep_workbook"))


def test_a_web_page_is_not_a_workbook(tmp_path):
    path = tmp_path / "occupation.xlsx"
    path.write_text("<!DOCTYPE html><html>Access Denied</html>")
    with pytest.raises(SourceFailed, match="HTML"):
        ep.load_workbook(path, dataset_of("ep_workbook"))


def test_cells_of_the_export(tmp_path):
    row = contracts.check("projections", made_export(tmp_path / "e.csv", LINE)).iloc[0]
    assert row[["soc_code", "title"]].tolist() == ["11-1011", "Chief executives"]
    assert row["employment_base"] == 1309.4
    assert row["employment_change"] == -13.3
    assert row["annual_median_wage_flag"] == "top-coded"
    assert row["job_training"] == "None"
    assert row["base_year"] == 2025


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('"1,309.4"', '"n.a."', "Employment 2025, row 2"),
        ('"1,309.4"', '"-5"', "negative"),
        ('=""11-1011""', "11_1011", "Occupation Code, row 2"),
        ("Chief executives", "", "empty"),
    ],
)
def test_a_changed_export_is_refused(tmp_path, old, new, named):
    with pytest.raises(ShapeChanged, match=named):
        made_export(tmp_path / "e.csv", LINE.replace(old, new, 1))


def test_an_export_of_other_columns_delimiters_or_encodings(tmp_path):
    path = tmp_path / "e.csv"
    with pytest.raises(ShapeChanged, match="2025-2034"):
        made_export(path, LINE, head=HEAD.replace("Change, 2025-2035", "Change, 2025-2034"))
    with pytest.raises(ShapeChanged, match="Median Annual Wage"):
        made_export(path, LINE, head=HEAD.replace("Median Annual Wage", "Wage"))
    with pytest.raises(ShapeChanged):
        made_export(path, LINE, head=HEAD.replace('","', '";"'))
    path.write_bytes((HEAD + "\r\n" + LINE).encode().replace(b"Mayor", b"May\xf3r"))
    with pytest.raises(SourceFailed, match="UTF-8"):
        ep.load_export(path, dataset_of("ep_export"))
    with pytest.raises(ShapeChanged, match="there twice"):
        made_export(path, LINE, LINE)


@given(code=st.text(max_size=12), wage=st.text(max_size=12))
def test_any_text_gives_a_table_or_an_error_that_names_the_file(tmp_path_factory, code, wage):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    line = LINE.replace('=""11-1011""', code.replace('"', '""')).replace(
        ">=239,200", wage.replace('"', '""'))  # fmt: skip
    path.write_bytes(f"{HEAD}\r\n{line}\r\n".encode("utf-8", "surrogatepass"))
    error = None
    try:
        frame = ep.load_export(path, dataset_of("ep_export"))["projections"]
    except OutlookError as caught:
        error = str(caught)
    if error is not None:
        assert "any.csv" in error
        return
    contracts.check("projections", frame)
    assert (frame["annual_median_wage"].isna() == (frame["annual_median_wage_flag"] != "")).all()
