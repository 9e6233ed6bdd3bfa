"""What a posting says a worker does: its duties, sentence by sentence; and a text without persons.

Rules, not a model: a sentence is a duty where it begins with a verb of work, or says what the
worker will do or answers for, outside the parts on requirements, pay and the employer, and holds
none of the words of these (sentences.toml). Chosen on other sentences than those that
`benchmarks/coder.py` measures them with.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pipelines.postings.plain import sentences

#: Words of a duty: fewer say nothing of a task, more are a page without a full stop.
FEWEST, MOST = 3, 120
#: Words of a heading at most.
_HEADING = 8
#: Sentences after a heading on duties, or on something else, for which it speaks where no other
#: follows: texts lose headings.
_REACH = {True: 25, False: 12, None: 0}
_WILL = re.compile(
    r"\b(?:you|incumbent|employee|specialist|analyst|engineer|manager|technician|coordinator|"
    r"position|role|associate|nurse|scientist|individual|person|developer|administrator|architect|"
    r"advisor|counselor|supervisor|director|assistant|representative|member|who)s?"
    r"(?: will|['’]ll)(?: also| be expected to| be asked to| directly| work to)? (?:\w+ly )?(\w+)"
)
_NOT_WORK = {"receive", "have", "need", "find", "love", "enjoy", "get", "join", "gain", "learn",
             "qualify", "thrive", "possess", "bring", "report", "become", "feel", "also", "not",
             "know", "grow", "earn", "require", "experience"}  # fmt: skip
_ANSWERS = re.compile(
    r"\b(?:responsible for|responsibilit\w+ (?:include|for|of)|duties (?:and responsibilities )?"
    r"include|(?:following|perform\w*) duties|primary focus is|in charge of)\b"
)
_SUBJECT = re.compile(
    r"^(?:you |(?:the |our )?(?:[\w/&-]+ ){0,4}(?:analyst|engineer|manager|technician|coordinator|"
    r"specialist|nurse|advisor|incumbent|employee|assistant|representative|developer|architect|"
    r"supervisor|director|scientist|teacher|administrator|operator)s? (?=\w+s?\b))"
)
_LOW_WORD = re.compile(r"[a-z][a-z'’-]*")
_OURS = re.compile(r"^(?:we|our|us|at|the company|the university|this position is|these|it)\b")


@dataclass(frozen=True)
class _Told:
    """What sentences.toml says."""

    verbs: frozenset[str]
    duty_heading: re.Pattern
    other_heading: re.Pattern
    never: re.Pattern


@cache
def _told() -> _Told:
    text = resources.files("pipelines.postings").joinpath("sentences.toml").read_text("utf-8")
    held = tomllib.loads(text)
    begins, holds = "|".join(held["never_begins"]), "|".join(held["never_holds"])
    return _Told(
        verbs=frozenset(held["verbs"].split()),
        duty_heading=re.compile("|".join(held["duty_heading"])),
        other_heading=re.compile("|".join(held["other_heading"])),
        # An amount of money, or words.
        never=re.compile(rf"^(?:{begins})(?!\w)|\b(?:{holds})(?!\w)|\$ ?\d"),
    )


def duties(text: str) -> list[str]:
    """The task sentences of a posting, in order, each once; HTML is read as its text.

    Parts on requirements, skills, benefits, pay, the employer, equal opportunity and how to apply
    are left out. Never an empty string; an empty list where nothing is a duty.
    """
    told = _told()
    found, inside, since = [], None, 0
    for sentence in sentences(text):
        low = sentence.lower()
        since += 1
        if since > _REACH[inside]:
            inside = None
        head, colon, rest = sentence.partition(":")
        if len(head.split()) <= _HEADING and (colon or _is_heading(sentence)):
            low_head = head.lower()
            if told.duty_heading.search(low_head):
                inside, since = True, 0
            elif told.other_heading.search(low_head):
                inside, since = False, 0
            if colon and len(rest.split()) >= FEWEST and (inside or inside is None):
                sentence, low = rest.strip(), rest.strip().lower()
            elif colon or len(head.split()) < FEWEST:
                continue
        if FEWEST <= len(low.split()) <= MOST and is_duty(low, inside):
            found.append(sentence)
    return list(dict.fromkeys(found))


def _is_heading(sentence: str) -> bool:
    words = sentence.split()
    return sentence[-1] not in ".;,!?" and (
        sentence.isupper() or len(words) <= 4 and all(w[0].isupper() for w in words if len(w) > 3)
    )


def is_duty(sentence: str, inside: bool | None = None) -> bool:
    """Whether a sentence in small letters is a duty, inside a part on duties (True), on something
    else (False), or where that is not known."""
    told = _told()
    if not (_begins_with_work(sentence, inside, told.verbs) or _says_work(sentence, inside, told)):
        return False
    # The long list of what is no duty last: most sentences need not be looked through for it.
    if _OURS.search(sentence) or told.never.search(sentence):
        return False
    # Whom to reach is no task either.
    return not (_DIGITS.search(sentence) and _PHONE.search(sentence)) and not (
        _may_hold_mail(sentence) and _MAIL.search(sentence)
    )


def _says_work(sentence: str, inside: bool | None, told: _Told) -> bool:
    will = _WILL.search(sentence)
    if (will and will[1] not in _NOT_WORK) or _ANSWERS.search(sentence):
        return True
    bare = _SUBJECT.sub("", sentence)
    return bare != sentence and _begins_with_work(bare, inside, told.verbs)


def _begins_with_work(sentence: str, inside: bool | None, verbs: frozenset[str]) -> bool:
    if inside is False:
        return False
    for found in _LOW_WORD.finditer(sentence, 0, 120):
        word = found[0]
        if not (word.endswith("ly") or word in ("may", "and", "also")):
            return any(base in verbs for base in _bases(word))
    return False


def _bases(word: str) -> list[str]:
    """Base forms of which a word may be the base form, a third person or an -ing form."""
    found = [word]
    if word.endswith("s"):
        found += [word[:-1], word[:-2] if word.endswith("es") else "",
                  word[:-3] + "y" if word.endswith("ies") else ""]  # fmt: skip
    if word.endswith("ing"):
        stem = word[:-3]
        found += [stem, stem + "e", stem[:-1] if stem[-1:] == stem[-2:-1] else ""]
    return found


# An address, and those that follow it without a blank.
_MAIL = re.compile(
    r"(?<![\w.+-])(?:mailto:)?"
    r"(?:[\w.+-][\w.+'-]{0,63} ?(?:@|\(at\)|\[at\]) ?[\w-]+(?:\.[\w-]+)+)+",
    re.I,
)
_LINK = re.compile(r"\bhttps?://\S+", re.I)
_MAILS = re.compile(r"\[EMAIL\]|%40", re.I)
_PHONE = re.compile(
    r"(?<![\w.-])(?:\+?1[\s.-]?)?(?:\(\d{3}\)\s?|\d{3}[\s./-])\d{3}[\s.-]\d{4}"
    r"(?:\s?(?:x|ext\.?|extension)\s?\d{1,6})?(?!\w)",
    re.I,
)
_NAME = r"(?:(?:Mr|Mrs|Ms|Dr|Prof)\.?\s+)?[A-Z][\w'’.-]*(?:[ \t]+[A-Z][\w'’.-]*){0,3}"
_CUE = re.compile(
    rf"(\b(?i:contact(?: person| name)?|attn|attention|c/o|call|e-?mail|recruiter|questions to|"
    rf"resumes? to|report(?:s|ing)? to)\b:?[ \t]+)({_NAME})"
)
#: Each alternative of `_CUE` holds one of these; a phone number ends in four digits.
_CUES = ("contact", "attn", "attention", "c/o", "call", "mail", "recruiter", " to")
_DIGITS = re.compile(r"\d{4}")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof)\.[ \t]+[A-Z][\w'’-]+(?:[ \t]+[A-Z][\w'’-]+){0,2}")


def _may_hold_mail(low: str) -> bool:
    return "@" in low or "(at)" in low or "[at]" in low


def mask(text: str) -> str:
    """The text with [NAME], [PHONE], [EMAIL] and [LINK] in place of persons and how to reach them.

    Names stand after a cue (contact, attn, recruiter, Dr.); a name without one stays: no list
    of names tells a person from a firm. Masking again changes nothing.
    """
    low = text.lower()
    # Most sentences hold no person: a look for what a pattern must have is a tenth of its time.
    if _may_hold_mail(low):
        text = _MAIL.sub("[EMAIL]", text)
    if "://" in low:
        text = _LINK.sub(lambda link: "[LINK]" if _MAILS.search(link[0]) else link[0], text)
    if _DIGITS.search(low):
        text = _PHONE.sub("[PHONE]", text)
    if any(cue in low for cue in _CUES):
        text = _CUE.sub(r"\1[NAME]", text)
    return _TITLED.sub("[NAME]", text) if ". " in low or ".\t" in low else text
