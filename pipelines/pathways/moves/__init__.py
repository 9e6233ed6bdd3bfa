"""Where do people who leave an occupation go?

Rule: what people did stands beside what the model expects, never in its place; what the survey
cannot tell is said, not guessed. `crosswalk` leads from SOC 2018 to the survey's codes, `observed`
counts with intervals, `terms` describes a move, `model` gives its chance, `fit` and `evaluate`
estimate the weights and measure them on origins kept back.
"""
