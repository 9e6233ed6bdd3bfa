"""Made OEWS years of a code that was split in 2018."""

import pandas as pd
from made_prices import PRICES


def nation(year, vintage, codes):
    """National rows of codes: code -> (jobs, error of jobs, mean pay, error of pay), percent."""
    jobs, jobs_rse, pay, pay_rse = zip(*codes.values(), strict=True)
    return pd.DataFrame(
        {
            "year": year, "soc_vintage": vintage, "soc_code": list(codes), "area_code": "99",
            "state": "US", "occupation_group": "detailed", "employment": jobs,
            "employment_rse": jobs_rse, "annual_mean_wage": pay, "mean_wage_rse": pay_rse,
            "title": [f"Title of {code}" for code in codes],
        }
    )  # fmt: skip


def split(**changed):
    """29-2071 becomes 29-2072 and 29-9021; 29-9021 is also fed by 29-9099."""
    new = {
        "29-2072": (900.0, 2.0, 44_000.0, 1.0), "29-9021": (300.0, 5.0, 60_000.0, 3.0),
        "29-9099": (350.0, 4.0, 50_000.0, 2.0),
    }  # fmt: skip
    old = {"29-2071": (1000.0, 3.0, 40_000.0, 2.0), "29-9099": (500.0, 4.0, 50_000.0, 2.0)}
    wages = pd.concat(
        [nation(2015, "2010", old | changed.get("old", {})), nation(2021, "2018", new),
         nation(2025, "2018", new | changed.get("new", {}))], ignore_index=True,
    )  # fmt: skip
    walk = pd.DataFrame(
        [("29-2071", "29-2072", 0.75), ("29-2071", "29-9021", 0.25), ("29-9099", "29-9021", 0.4),
         ("29-9099", "29-9099", 0.6)], columns=["soc_2010_code", "soc_code", "weight"],
    )  # fmt: skip
    nem = pd.DataFrame({"onet_soc_code": [f"{c}.00" for c in new], "nem_code": list(new)})
    return {
        "wages": wages, "price_index": PRICES, "soc_2010_to_2018": walk, "onet_soc_to_soc": nem,
    }  # fmt: skip
