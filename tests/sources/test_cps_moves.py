"""Moves between occupations (CPS ASEC): the file at hand, and what is refused."""

from __future__ import annotations

import pytest

from pipelines.base import contracts
from pipelines.base.errors import ShapeChanged
from pipelines.sources.catalog import dataset_of
from pipelines.sources.read import cps_moves

HEAD = "OCC_source,OCC_target,transition_prob_BLS_ASECnorm_corr,EMPOCCLY_unadj_BLS,EMPOCC_unadj_BLS"


def moves(path, *rows):
    path.write_text("\n".join((HEAD, *rows)) + "\n")
    return cps_moves.load_moves(path, dataset_of("cps_moves"))["observed_moves"]


def test_the_file_of_the_publisher(sources):
    dataset = dataset_of("cps_moves")
    frame = dataset.load()(sources / dataset.mirror_path, dataset)["observed_moves"]
    frame = contracts.check("observed_moves", frame)
    assert frame["from_code"].nunique() >= 270  # the publisher's file has 539
    by_pair = frame.set_index(["from_code", "to_code"])["share"]
    assert by_pair["29-2070", "29-2070"] == pytest.approx(0.947332, abs=1e-6)
    assert by_pair["29-2070", "43-6010"] == 0.00662052
    codes = dataset_of("cps_move_codes")
    names = codes.load()(sources / codes.mirror_path, codes)["move_codes"].set_index("code")
    assert len(names) == 539
    assert names.loc["29-2070", "employment"] == 208_650
    assert names.loc["29-2070", "minor_code"] == "29-2000"
    assert {*frame["from_code"], *frame["to_code"]} <= set(names.index)


def test_shares_keep_six_digits_also_when_small(tmp_path):
    frame = moves(tmp_path / "a.csv", "11-1010,11-1010,0.999876543211,10.4,10.4",
                  "11-1010,11-1020,0.000123456789,10.4,7")  # fmt: skip
    assert frame["share"].tolist() == [0.999877, 0.000123457]
    assert frame["from_people"].tolist() == [10, 10]


@pytest.mark.parametrize(
    ("rows", "said"),
    [(["11-1010,11-1010,0.5,10,10"], "shares of 11-1010 sum to 0.5000"),
     (["11-1010,11-1010,0.5,10,10", "11-1010,11-1020,0.5,11,7"], "EMPOCCLY.*11-1010 has two"),
     (["11-1010,11-1010,0.5,10,10", "11-1010,11-1020,half,10,7"], "data rows 2 = 'half'")],
)  # fmt: skip
def test_a_list_that_is_cut_or_contradicts_itself_is_refused(tmp_path, rows, said):
    with pytest.raises(ShapeChanged, match=said):
        moves(tmp_path / "a.csv", *rows)
