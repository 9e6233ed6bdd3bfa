"""What must stand beside every agreement of our exposure with the labels it was trained on."""

from __future__ import annotations

from pipelines.exposure.validation.evaluate import stored


def in_sample_warning() -> str:
    """That our agreement with people's and GPT-4's labels is in-sample, and the held-out figure.

    The figure is that of `held_out.place_figures`: rank correlation over SOC codes with beta of
    people's labels, on occupations that the scorer had not seen.
    """
    figures = stored()
    parts = []
    for protocol, name in (
        ("K all", "labels of related tasks known"), ("U", "by the wording alone"),
    ):  # fmt: skip
        own = figures[protocol]["occupations"]
        parts.append(
            f"{own['spearman']:.2f} ({own['spearman_low']:.2f} to {own['spearman_high']:.2f}), "
            f"{name}"
        )
    n = figures["U"]["occupations"]["soc_codes"]
    return (
        "Our scorer was trained on the labels of people and of GPT-4: its agreement with "
        "eloundou_human and eloundou_gpt4 is in-sample, and no test. On occupations held out, its "
        f"rank correlation with people's beta over {n:.0f} SOC codes is {'; '.join(parts)}."
    )
