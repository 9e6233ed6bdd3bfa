"""Ratings of O*NET's descriptors: skills, knowledge, abilities, activities, context, styles."""

from __future__ import annotations

import pandas as pd

from pipelines.base.errors import ShapeChanged
from pipelines.sources.read import delimited, onet_checks
from pipelines.sources.read.onet_files import CODE, Texts

_RATING = (CODE, "Element ID", "Element Name", "Scale ID", "Data Value")
_RATING_OPTIONAL = ("Standard Error", "Recommend Suppress", "Not Relevant", "Date")
#: Domain -> the file sets that may hold it, newest naming first.
_DOMAINS = {
    "skills": (("Essential Skills.txt", "Transferable Skills.txt"), ("Skills.txt",)),
    "knowledge": (("Knowledge.txt",),),
    "work_styles": (("Work Styles.txt",),),
    "abilities": (("Abilities.txt",),),
    "work_activities": (("Work Activities.txt",),),
    "work_context": (("Work Context.txt",),),
}
_MANDATORY = ("skills", "knowledge")
#: Means only: CXP and CTP are percents by category, several rows for one element.
_PERCENT_SCALES = ("CXP", "CTP")


def ratings(texts: Texts) -> pd.DataFrame:
    """Table ``elements`` without its edition; a domain that the release lacks has no rows."""
    parts = []
    for domain, namings in _DOMAINS.items():
        files = next((files for files in namings if all(map(texts.has, files))), None)
        if files is None:
            if domain in _MANDATORY:
                wanted = " or ".join(" + ".join(files) for files in namings)
                raise ShapeChanged(texts.where, f"the zip has no file {wanted}", delimited.ADVICE)
            continue
        for name in files:
            frame = texts.read(name, _RATING, _RATING_OPTIONAL)
            frame = frame[~frame["Scale ID"].isin(_PERCENT_SCALES)].reset_index(drop=True)
            where = texts.at(name)
            parts.append(
                pd.DataFrame(
                    {
                        "onet_soc_code": frame[CODE],
                        "domain": domain,
                        "element_id": frame["Element ID"],
                        "element_name": frame["Element Name"],
                        "scale_id": frame["Scale ID"],
                        "value": delimited.numbers(frame["Data Value"], where),
                        "standard_error": delimited.numbers(frame["Standard Error"], where),
                        "recommend_suppress": delimited.yes(frame["Recommend Suppress"], where),
                        "not_relevant": delimited.yes(frame["Not Relevant"], where),
                        "date": frame["Date"],
                    }
                )
            )
    return onet_checks.check_domains(pd.concat(parts, ignore_index=True), texts.where)


def means_2010(texts: Texts) -> pd.DataFrame:
    """Table ``elements_2010`` without its edition: means of three domains."""
    parts = []
    for domain in ("abilities", "work_activities", "work_context"):
        name = _DOMAINS[domain][0][0]
        frame = texts.read(name, _RATING)
        # The full release also carries percents by category and, for two domains, levels.
        kept = frame[~frame["Scale ID"].isin([*_PERCENT_SCALES, "LV"])]
        parts.append(
            pd.DataFrame(
                {
                    "onet_soc_2010_code": kept[CODE],
                    "domain": domain,
                    "element_id": kept["Element ID"],
                    "element_name": kept["Element Name"],
                    "scale_id": kept["Scale ID"],
                    "value": delimited.numbers(kept["Data Value"], texts.at(name)),
                }
            )
        )
    return onet_checks.check_domains(pd.concat(parts, ignore_index=True), texts.where)
