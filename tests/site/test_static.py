"""The files of the site: every occupation, small pages, hostile text, the same again."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from threading import Thread

import pandas as pd
import pytest

from pipelines.analysis import Analysis
from pipelines.base import settings, stamp
from pipelines.base.errors import UsageError
from pipelines.site import facts, pages, publish, search
from pipelines.site import serve as serving

EVIL = "</script><script>window.hit = 1</script><img src=x onerror='window.hit = 1'>"


def test_every_occupation_has_a_page_and_technicians_have_charts(site, analysis):
    made = {path.stem for path in (site / "o").glob("*.html")}
    assert made == set(analysis.occupations["onet_soc_code"])
    assert len(made) == 1016
    scored = set(analysis.occupation_exposure["onet_soc_code"])
    for row in analysis.occupations.itertuples():
        page = (site / "o" / f"{row.onet_soc_code}.html").read_text("utf-8")
        assert ("data-chart" in page) == (row.is_technician), row.onet_soc_code
        if row.onet_soc_code in scored:
            assert "90% interval" in page


@pytest.mark.parametrize("folder", ["o", "es/o"])
def test_a_page_is_light(site, folder):
    """First view of a page: itself, its style and scripts, without plotly.js."""
    page = (site / folder / "29-2072.00.html").read_text("utf-8")
    linked = re.findall(r'(?:src|href)="(?:\.\./)+((?:app|data)/[^"]+)"', page)
    assert {"app/site.css", "app/client.js"} <= set(linked)
    assert ("app/es.js" in linked) == (folder == "es/o")
    assert not [name for name in linked if "plotly" in name]
    sizes = [(site / name).stat().st_size for name in linked]
    assert len(page.encode()) + sum(sizes) < 300_000


def test_schools_stand_in_a_file_of_their_state(site, analysis):
    """Read when a state is chosen: no page links them, and none of them is heavy."""
    files = {path.stem.removeprefix("programs-"): path for path in site.glob("data/programs-*.js")}
    schools = analysis.tables["schools"]
    assert set(schools.loc[schools["closed"].isna(), "state"]) - {"MH"} <= set(files)
    page = (site / "o" / "29-2072.00.html").read_text("utf-8")
    assert "data/programs" not in page
    assert "4-digit field" in (site / "data" / "programs.js").read_text("utf-8")
    for path in files.values():
        held = json.loads(path.read_text("utf-8").split(" = ", 1)[1].rstrip(";\n"))
        assert all(len(row) == 6 for row in held["schools"])
        assert all(0 <= row[0] < len(held["schools"]) and row[3] > 0 for row in held["programs"])
        assert path.stat().st_size < 1_000_000


def test_every_chart_of_a_page_has_its_numbers_in_a_table(site):
    page = (site / "o" / "29-2072.00.html").read_text("utf-8")
    captions = re.findall(r"<caption>([^<]+)", page)
    drawn = re.findall(r'data-chart="([^"]+)"', page)
    said = {
        "task_plane": "Tasks, most exposed first",
        "task_exposure": "Tasks, most exposed first", "measures": "Measures of this occupation",
        "employment_and_wages": "Employment and median wage", "wages_by_state": "Annual wages by",
        "wages_by_area": "Largest areas that can be compared",
        "advancement_paths": "Career paths, each kind ranked",
        "frontier": "Years to qualify and wage gain",
        "route_card": "The route, step by step",
        "skill_gap": "What the destination requires more of",
    }  # fmt: skip
    assert set(drawn) == set(said)
    for name in drawn:
        assert any(caption.startswith(said[name]) for caption in captions), name
    # The charts and the three pictures on top.
    assert page.count('role="img" aria-label="') == len(drawn) + 3


def test_every_link_of_a_page_leads_to_a_file(site):
    for name in ("index.html", "compare.html", "methods.html", "o/29-2072.00.html"):
        path = site / name
        for target in re.findall(r'(?:src|href)="([^"#:]+)', path.read_text("utf-8")):
            if target.startswith("data"):
                continue
            assert (path.parent / target).resolve().is_file(), (name, target)


def test_no_script_stands_in_a_page(site):
    for path in [site / "index.html", site / "compare.html", *(site / "o").glob("29-20*.html")]:
        page = path.read_text("utf-8")
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))
        assert not re.search(r"\son\w+=", page)


def test_hostile_text_stays_text(analysis):
    shell = pages.Shell(EVIL, EVIL, [EVIL], [("TX", EVIL)])
    hostile = Analysis(analysis.release)
    code = "29-2072.00"
    frame = analysis.occupations.copy()
    frame.loc[frame["onet_soc_code"] == code, "title"] = EVIL
    hostile.__dict__["occupations"] = frame
    hostile.__dict__["tasks"] = analysis.tasks.assign(task=EVIL)
    made = pages.occupation(hostile, code, shell, full=False)
    assert "<img" not in made.page
    assert "<script>window" not in made.page
    json.loads(made.data.splitlines()[1].split(" = ", 1)[1].rstrip(";"))


def test_a_script_of_values_holds_only_what_json_can():
    text = facts.script("x", {"a": float("nan"), "b": [pd.NA, 1, 0.123456789], "c": "é\u2028</s"})
    name, value = text.rstrip(";\n").split(" = ", 1)
    assert name == '(window.OUTLOOK ??= {})["x"]'
    assert json.loads(value) == {"a": None, "b": [None, 1, 0.123457], "c": "é\u2028</s"}
    assert text.isascii()


def test_search_knows_other_names_and_credentials_each_once(analysis):
    entries = {e[0]: e for e in search.search_data(analysis)["entries"]}
    code, title, technician, names, jobs = entries["29-2072.00"]
    assert title == "Medical Records Specialists"
    assert technician == 1
    assert "RHIT" in names
    assert jobs > 0
    assert any("coder" in name.lower() for name in names)
    keys = [" ".join(re.findall(r"[a-z0-9]+", n.lower())) for n in [title, *names]]
    assert len(keys) == len(set(keys))
    assert len(entries) == 1016


def test_a_site_that_is_whole_is_not_built_again_and_a_damaged_one_is(tmp_path, monkeypatch):
    where = settings.load({"OUTLOOK_DATA": str(tmp_path)})
    made = []

    def write(analysis, folder, say):
        folder.mkdir()
        (folder / "index.html").write_text(f"{len(made)}")
        made.append(folder)
        return 1

    monkeypatch.setattr("pipelines.site.static.write_site", write)
    build = lambda: publish.build_site(where, offline=True, force=False, say=lambda line: None)  # noqa: E731
    assert build().fresh
    assert not build().fresh
    assert build().index.read_text() == "0"
    (where.processed / "site" / "index.html").write_text("torn")
    assert build().fresh
    assert build().index.read_text() == "1"

    def broken(analysis, folder, say):
        folder.mkdir()
        raise UsageError("site", "no", "more")

    monkeypatch.setattr("pipelines.site.static.write_site", broken)
    with pytest.raises(UsageError):
        publish.build_site(where, offline=True, force=True, say=print)
    assert (where.processed / "site" / "index.html").read_text() == "1"
    assert stamp.is_whole(where.processed / "site", publish._read(where.processed / "site"))


def test_the_server_sends_safe_headers_and_nothing_from_outside(tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("<p>hello</p>")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    running = serving.server(serving.require_pages(tmp_path), 0)
    Thread(target=running.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{running.server_port}"
    try:
        with urllib.request.urlopen(base + "/") as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "script-src 'self'" in policy
            assert "unsafe-inline" not in policy.split("script-src")[1]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.read() == b"<p>hello</p>"
        odd = ("/%00", "/index.html%00", "/" + "a" * 5000, "/a/%00/b", "/%ff", "/index.html/")
        for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/link.txt", "/none", *odd):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(base + path)
            assert refused.value.code == 404
    finally:
        running.shutdown()
        running.server_close()


def test_a_site_that_is_named_may_frame_the_pages_and_no_other(tmp_path):
    (tmp_path / "index.html").write_text("<p>hello</p>")
    running = serving.server(tmp_path, 0, framed_by="https://careers.example.org")
    Thread(target=running.serve_forever, daemon=True).start()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{running.server_port}/") as answer:
            policy = answer.headers["Content-Security-Policy"]
        assert policy.count("frame-ancestors") == 1
        assert "frame-ancestors https://careers.example.org;" in policy
        assert "script-src 'self'" in policy
    finally:
        running.shutdown()
        running.server_close()
    for odd in ("*", "careers.example.org", "https://a.example; script-src *", "https://a/b"):
        with pytest.raises(UsageError, match="framed-by"):
            serving.server(tmp_path, 0, framed_by=odd)


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.5", "::"])
def test_the_server_refuses_other_addresses_unless_told(tmp_path, address):
    with pytest.raises(UsageError, match="open-to-network"):
        serving.server(tmp_path, 0, address)
    with pytest.raises(UsageError, match="IP address"):
        serving.server(tmp_path, 0, "everywhere")


def test_without_pages_the_server_says_what_to_do(tmp_path):
    with pytest.raises(UsageError, match="outlook site"):
        serving.require_pages(tmp_path)
