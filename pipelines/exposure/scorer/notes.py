"""What is odd about a statement: the column `note` of a scored list."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.exposure.scorer.tokens import MAX_CHARS

#: A statement of fewer words, or of a smaller share of known ones, is noted.
_MIN_WORDS = 3
_MIN_KNOWN_SHARE = 0.6
#: Longest job title, in words, that is told from a task.
_MAX_TITLE_WORDS = 6

_SPANISH = frozenset(
    {"de", "la", "el", "los", "las", "del", "para", "por", "una", "con", "y", "que", "en", "al"}
    | {"se", "su", "sus", "un", "es", "lo", "como"}
)
_ENGLISH = frozenset(
    {"the", "a", "an", "of", "to", "and", "or", "for", "with", "in", "on", "by", "from", "as"}
    | {"at", "is", "are", "that"}
)

# Looked for in lower case. None of them is how a task is written: measured on the official
# statements (tests/exposure/test_robustness.py). RE2 syntax, for one pass over a batch.
_NOT_TASKS = {
    "a web or mail address": r"https?://|\bwww\.|[\w.+-]+@[\w-]+\.[a-z]{2,}",
    "a pay line": (
        r"[$£€]\s?[0-9]|\b[0-9][0-9,.]*k?\s*(?:dollars\s*)?(?:/|per|an|a)\s*(?:hour|hr|year|annum)\b"
        r"|\b401\(?k\)?|^\W*(?:hourly |base |starting )?(?:salary|pay|wages?|compensation)"
        r"(?: range| rate| scale)?\s*(?:[:0-9–-]|is\b|doe\b|range\b)"
    ),
    "an address": (
        r"^\W*[0-9]{1,5}\s+(?:[nsew]\.?\s+)?(?:\w+\s+){1,3}"
        r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|way|court|suite|floor)\b"
        r"|\bp\.?\s?o\.? box [0-9]|\b[a-z]+,\s*[a-z]{2}\s+[0-9]{5}\b"
    ),
    "an advertisement of the employer": (
        r"\bopportunity employer\b|\bequal opportunity workplace|\beo[ec]\b|\beeo/aa|\baa/eeo"
        r"|\baffirmative action employer"
        r"|\bapply (?:now|today|online|here)\b|\bjoin (?:our|us|the)\b[^.]{0,30}\b(?:team|family)\b"
        r"|\bjoin us\b|^\W*(?:we|we're|we are|our company|our mission|our values|about us)\b"
        r"[^.]{0,12}\b(?:are|is|a|an|offer|provide|believe|hiring|looking|seeking|proud|about)\b"
        r"|^\W*(?:about us|why join|benefits (?:include|package)|what we offer)\b"
        r"|(?:^\W*|\boffer\w* (?:a |an )?(?:very |highly )?)"
        r"competitive (?:pay|salar|wage|comp|benef)"
        r"|\b(?:paid time off|sign-?on bonus|health,? dental)\b"
    ),
    "a requirement of the applicant, not of the work": (
        r"\b[0-9]+\+?\s*(?:to [0-9]+\s*)?(?:years?|yrs?)['’]?\s*(?:of\s+)?(?:\w+\s+){0,3}"
        r"experience\b"
        r"|\b(?:degree|diploma|certification|certificate|licen[sc]e|experience|ged)\b[^.]{0,25}"
        r"\b(?:required|preferred|desired|a plus)\s*(?:[;,.!)]|$)"
        r"|^\W*(?:must (?:have|be|possess|hold)|applicants? must|candidates? (?:must|should))\b"
    ),
    "working hours": (
        r"^\W*(?:full|part)[ -]?time\b[^.]{0,20}(?:position|hours|shifts?|monday|$)"
        r"|\bmonday (?:to|through|thru|-) friday\b"
    ),
    "a heading": (
        r"^\W*(?:job |key |main |essential |principal |minimum |preferred )*(?:responsibilities"
        r"|duties|requirements|qualifications|functions|description|summary|overview|benefits"
        r"|schedule|location|skills)\W*$"
    ),
}
_ANY_NOT_TASK = "|".join(f"(?:{pattern})" for pattern in _NOT_TASKS.values())
_COMPILED = {what: re.compile(pattern) for what, pattern in _NOT_TASKS.items()}

# Words that end the name of a job, by their endings or whole.
_ROLE = re.compile(
    r"(?:technician|technologist|(?:[a-z]{3,}olog|[a-z]*therap|hygien|special|pharmac|phlebotom"
    r"|transcription|reception|machin|econom|chem|physic|scient|dent)ist|manager|supervisor"
    r"|coordinator|assistant|associate|aide|nurse|clerk|engineer|analyst|officer|operator|worker"
    r"|inspector|director|administrator|mechanic|repairer|installer|attendant|tender|designer"
    r"|developer|physician|surgeon|counselor|planner|instructor|teacher|representative|consultant"
    r"|registrar|coder|biller|secretary|paramedic|electrician|plumber|welder|carpenter|driver"
    r"|cashier|accountant|auditor|lawyer|attorney|paralegal|programmer|cook|janitor|firefighter"
    r"|drafter|architect|apprentice|surveyor|assembler|sonographer|abstractor|handler|helper"
    r"|laborer|trainer|librarian|dietitian|optician|editor|superintendent)s?"
)
# In a text Whose Words Are All Capitalized, other endings of names of jobs are believed too.
_AGENT = re.compile(r"[a-z]+(?:er|or|ist|ian|ant|man|woman|person|tech|chief|captain)s?")
_PARENTHESES = re.compile(r"\s*\([^)]*\)")
_GRADE_SUFFIX = re.compile(r"[\s,-]+(?:i{1,3}|iv|v|[1-5]|jr|sr)\.?$", re.IGNORECASE)
# "Supervise technicians" is a task: verbs whose object may be people at work.
_TO_PEOPLE = frozenset({
    "act", "administer", "advise", "aid", "alert", "appoint", "ask", "assign", "assist",
    "audit", "back", "be", "brief", "call", "certify", "check", "choose", "coach",
    "collaborate", "conduct", "confer", "consult", "contact", "coordinate", "counsel", "direct",
    "discipline", "dispatch", "escort", "evaluate", "examine", "find", "give", "greet", "guide",
    "hand", "help", "hire", "identify", "inform", "instruct", "interview", "lead", "license",
    "manage", "match", "meet", "mentor", "monitor", "notify", "observe", "orient", "oversee",
    "pass", "pay", "rate", "recruit", "refer", "relieve", "represent", "review", "schedule",
    "select", "serve", "settle", "supervise", "support", "teach", "tell", "test", "train",
    "work",
})  # fmt: skip
_LINKING = frozenset({
    "the", "a", "an", "to", "for", "with", "from", "by", "in", "on", "at", "as", "of", "or",
    "that", "between", "their", "your", "my", "our",
})  # fmt: skip


def notes(texts: list[str], n_words: np.ndarray, known: np.ndarray) -> pd.Series:
    """A remark for every statement: "" where nothing is odd.

    Parameters
    ----------
    texts : list of str
        Statements, as `tokens.as_strings` gives them.
    n_words, known : ndarray
        Number of words of each, articles left out, and the share that the model knows.

    Returns
    -------
    Series
        Strings, index 0..n-1. Remarks are of form: what is said to be no task is judged by its
        wording alone, and a task may be written so too ("may", "looks like").
    """
    ascii_only = [t if t.isascii() else "" for t in texts]
    lower = pc.ascii_lower(pc.utf8_slice_codeunits(pa.array(ascii_only, pa.string()), 0, MAX_CHARS))
    odd = pc.match_substring_regex(lower, _ANY_NOT_TASK).to_numpy(zero_copy_only=False)
    odd |= (n_words <= _MAX_TITLE_WORDS) | (known < _MIN_KNOWN_SHARE)
    odd |= np.fromiter(
        (not t.isascii() or len(t) > MAX_CHARS or t[:1] in "=+@" for t in texts), bool, len(texts)
    )
    out = np.full(len(texts), "", object)
    for i in np.flatnonzero(odd):
        out[i] = _note(texts[i], int(n_words[i]), float(known[i]))
    return pd.Series(out, dtype="str")


def _note(text: str, n_words: int, known: float) -> str:
    if not text.strip():
        return "empty: no statement to score"
    said = []
    lower = text[:MAX_CHARS].lower()
    words = re.findall(r"[^\W\d_]+", lower)
    spanish = sum(w in _SPANISH for w in words)
    foreign = spanish > sum(w in _ENGLISH for w in words) and (known < 0.85 or spanish > 2)
    like = next((what for what, p in _COMPILED.items() if p.search(lower)), None)
    if n_words == 0:
        said.append("no words: not a task")
    elif not any(len(w) > 1 for w in words):
        said.append("only numbers: not a task")
    elif like:
        said.append(f"looks like {like}: may not be a task")
    elif n_words <= _MAX_TITLE_WORDS and _is_title(text):
        said.append("looks like a job title alone: may not be a task")
    elif foreign or known < _MIN_KNOWN_SHARE:
        said.append("not English, or mostly words the model does not know")
    elif n_words < _MIN_WORDS:
        said.append("very short: may not be a task")
    if text.startswith(("=", "+", "@")):
        said.append("looks like a formula: not a task")
    if len(text) > MAX_CHARS:
        said.append(f"only the first {MAX_CHARS:,} characters were read")
    return "; ".join(said)


def _is_title(text: str) -> bool:
    bare = _GRADE_SUFFIX.sub("", _PARENTHESES.sub("", text).strip(" \t\r\n.:;*-•"))
    # "Technicians, All Other", "Filler, Hand": the name stands before the comma.
    words = re.findall(r"[A-Za-z]+", bare.split(",")[0])
    if not 1 <= len(words) <= _MAX_TITLE_WORDS:
        return False
    capitals = len(words) > 1 and not bare.isupper() and all(w[0].isupper() for w in words)
    words = [w.lower() for w in words]
    return (
        bool(_ROLE.fullmatch(words[-1]) or (capitals and _AGENT.fullmatch(words[-1])))
        and not _LINKING.intersection(words)
        and not _TO_PEOPLE.intersection((words[0], _base(words[0])))
    )


def _base(verb: str) -> str:
    """Supervises, supervised, supervising: all of them supervise (near enough)."""
    for ending in ("ing", "ed", "es", "s"):
        stem = verb.removesuffix(ending)
        if stem != verb:
            return stem if stem in _TO_PEOPLE else stem + "e"
    return verb
