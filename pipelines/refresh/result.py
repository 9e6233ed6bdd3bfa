"""What a refresh did, for people and for machines."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field


@dataclass
class RefreshResult:
    """What a refresh did.

    Attributes
    ----------
    published : str or None
        Id of the release that is new; None where nothing was published.
    exit_code : int
        0 published or as before, 3 nothing new (with if_changed), 4 a source failed, 5 a
        source's shape changed. After 4 and 5 the last good file of that source is in use still;
        the others' news may be published.
    sources : dict
        "changed", "unchanged", "carried on" (see `Dataset.keep_last`) or "failed" by dataset id,
        against the last release.
    rows : dict
        ``{"old": int or None, "new": int}`` by table.
    gates : list of dict
        Figures beyond a gate's limit: gate, figure, old, new, limit, text, accepted.
    changes : dict or None
        The change report against the last release (`changes.compare`).
    removed : list of str
        Old releases that were removed.
    problems : dict
        What was wrong with each source that failed.
    message : str
        How the run ended, in one sentence: what was published, that nothing was new, or what
        stopped it. The health file keeps it.
    sentences : list of str
        All of it in words, the message among them.
    """

    published: str | None = None
    exit_code: int = 0
    sources: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, int | None]] = field(default_factory=dict)
    gates: list[dict] = field(default_factory=list)
    changes: dict | None = None
    removed: list[str] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    message: str = ""
    sentences: list[str] = field(default_factory=list)

    def ended(self, message: str) -> None:
        """Say how the run ended."""
        self.message = message
        self.sentences.append(message)

    def to_json(self) -> str:
        """All of it as JSON."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)
