"""Whose jobs a sum of codes holds: the largest code is never hidden."""

import pytest
from made_split import nation, split

from pipelines.market.split import (
    jobs_by_code,
    split_sentences,
    split_shares,
    through_the_split,
    whose_jobs,
)


def test_the_largest_code_stands_first_with_its_share_and_so_does_the_occupations_own():
    made = split(new={"29-9099": (4_800.0, 4.0, 50_000.0, 2.0)})
    frame = through_the_split(made, "29-2072")
    row = frame[frame["basis"] == "comparable group"].set_index("year").loc[2025]
    assert row["codes"] == "29-9099 + 29-2072 + 29-9021"
    assert row["largest_code"] == "29-9099"
    assert row["largest_share"] == pytest.approx(4_800 / 6_000)
    assert row["own_share"] == pytest.approx(900 / 6_000)
    before = frame[frame["year"] == 2015]
    assert before["own_share"].isna().all()  # its codes meant other jobs then
    said = split_sentences(frame)
    assert "Title of" not in said[0]  # of the family the occupation itself has most
    assert said[1].endswith(
        "Title of 29-9099 (29-9099) held 80 percent of these jobs in May 2025, the occupation "
        "itself 15 percent: the sum follows the former more than the latter."
    )
    tiny = split(new={"29-9099": (900_000.0, 4.0, 50_000.0, 2.0)})
    assert "itself less than 1 percent" in split_sentences(through_the_split(tiny, "29-2072"))[1]


def test_a_code_without_published_jobs_leaves_shares_unknown():
    made = split(new={"29-9099": (float("nan"), 4.0, 50_000.0, 2.0)})
    frame = through_the_split(made, "29-2072")
    group = frame[frame["basis"] == "comparable group"].set_index("year")
    assert group.loc[2025, ["largest_share", "own_share"]].isna().all()
    assert group.loc[2025, "codes"].endswith("29-9099")
    assert whose_jobs(jobs_by_code(made["wages"].query("year == 2025"), ["29-9099"]), "") == ""


def test_shares_name_every_code_of_the_newest_sums():
    frame = split_shares(split(), through_the_split(split(), "29-2072"))
    assert frame.groupby("basis")["share"].sum().tolist() == pytest.approx([1, 1])
    assert frame[["basis", "soc_code"]].to_numpy().tolist() == [
        ["family", "29-2072"], ["family", "29-9021"], ["comparable group", "29-2072"],
        ["comparable group", "29-9099"], ["comparable group", "29-9021"],
    ]  # fmt: skip
    assert split_shares(split(), frame.iloc[:0].assign(codes="")).empty


def test_the_sentence_says_whose_the_mark_is_and_always_the_code_asked_for():
    rows = nation(2025, "2018", {f"11-10{i}1": (j, 1.0, 1.0, 1.0) for i, j in
                                 enumerate((700.0, 100.0, 90.0, 80.0, 30.0))})  # fmt: skip
    said = whose_jobs(jobs_by_code(rows, rows["soc_code"]), "11-1041")
    assert said == (
        "The mark in bold holds the jobs of 5 codes: Title of 11-1001 70 percent; Title of 11-1011 "
        "10 percent; Title of 11-1021 9 percent; Title of 11-1041 3 percent; 1 more 8 percent."
    )


def test_every_technician_whose_sums_are_mostly_others_is_told_so(analysis, evidence):
    """Plain pandas: jobs of May 2025 of the codes that the sum names."""
    wages = analysis.tables["wages"]
    newest = wages[(wages["year"] == 2025) & (wages["area_code"] == "99")]
    jobs = newest.drop_duplicates("soc_code").set_index("soc_code")["employment"]
    told = {}
    # The nation's rows are all that a sum is made of: they are cut out once. Small tables are cut
    # faster where texts are Python's.
    rows = wages[wages["area_code"] == "99"]
    texts = rows.select_dtypes("string").columns
    tables = {**analysis.tables, "wages": rows.astype(dict.fromkeys(texts, object))}
    for code in sorted(evidence.technicians):
        frame = through_the_split(tables, code)
        last = frame[frame["year"] == 2025].dropna(subset=["employment", "real_mean_pay"])
        several = last[last["codes"].str.contains(" + ", regex=False)]
        expected = 0
        for codes in several["codes"]:
            own = jobs[codes.split(" + ")]
            assert own.is_monotonic_decreasing
            share = own / own.sum()
            expected += bool(share.max() > 0.5 and share.idxmax() != code)
        said = [line for line in split_sentences(frame) if "the former more than" in line]
        assert len(said) == expected, code
        if said:
            told[code] = said
    assert len(told) == 14
    assert "Customer Service Representatives (43-4051) held 79 percent" in told["29-2072"][0]


def test_the_picture_says_whose_jobs_the_mark_holds(analysis, evidence):
    figure, frame = evidence.change_and_exposure("29-2072")
    reading = figure.layout.meta["reading"]
    assert (
        "The mark in bold holds the jobs of 8 codes: Customer Service Representatives 81 percent; "
        "Radiologic Technologists and Technicians 6 percent; Medical Records Specialists 5 percent"
    ) in reading
    assert not frame.loc[frame["focus"], "is_technician"].any()
    assert (
        "The mark in bold"
        not in evidence.change_and_exposure("29-1141").figure.layout.meta["reading"]
    )
    # Blue marks hold technician occupations alone: software developers' group does not.
    home = dict(zip(frame["group"], frame["is_technician"], strict=True))
    assert home["29-2042"]  # emergency medical technicians and paramedics
    software = frame["title"].str.startswith("Software Developers")
    assert software.any()
    assert not frame.loc[software, "is_technician"].any()
