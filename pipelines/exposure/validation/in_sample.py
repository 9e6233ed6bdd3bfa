"""What must stand beside every agreement of our exposure with the labels it was trained on."""

from __future__ import annotations

from pipelines.exposure.validation.evaluate import stored

#: How the names of measures begin that the scorer was trained on.
LABELS = ("eloundou_human", "eloundou_gpt4")


def held_out_correlation(protocol: str) -> float:
    """Correlation (Pearson) of exposure with people's beta over occupations held out, by protocol
    ("K all", "U" or "W"); see `held_out.occupation_figures`."""
    return float(stored()[protocol]["occupations"]["r"])


def in_sample_warning() -> str:
    """That our agreement with people's and GPT-4's labels is in-sample, and the held-out figure."""
    n = stored()["U"]["occupations"]["n_occupations"]
    return (
        "Our scorer was trained on the labels of people and of GPT-4: its agreement with "
        "eloundou_human and eloundou_gpt4 is in-sample, and no test. On "
        f"{n:.0f} occupations held out, its correlation with people's beta is "
        f"{held_out_correlation('U'):.2f} by the wording alone and "
        f"{held_out_correlation('K all'):.2f} where labels of related tasks are known."
    )
