"""A posting's text as plain lines and sentences, whatever it was written in."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser

#: Characters of a text that are read: a longer one is no posting.
LONGEST = 100_000
#: Tags that stand inside a line; any other ends it.
_INLINE = {"a", "abbr", "b", "big", "em", "font", "i", "mark", "small", "span", "strong", "sub",
           "sup", "u"}  # fmt: skip
_UNSEEN = {"script", "style", "head", "title", "template"}
_BULLET = r"[•·▪▫■□●○◦‣⁃∙➢➤►▶✓✔❖◆◇§*¿]|[-–—]{1,2}(?=\s)"
#: Where a line falls into entries of a list: a bullet or a number inside it.
_ENTRY = re.compile(
    rf"(?:[•▪■●◦‣∙➢➤►✓✔❖]+|(?<=[.;:])\s+(?:{_BULLET})|(?:^|(?<=[.;:]))\s*\(?\d{{1,2}}[.)]\s)\s*"
)
#: Where a sentence ends: a stop, then a capital; and where two lines were run together.
_END = re.compile(
    r"(?<=[.!?])[\"”)]?\s+(?=[\"“(]?[A-Z])|;\s+(?:and\s+)?(?=[A-Z])"
    r"|(?<=[a-z.)])\s{2,}(?=[A-Z])|(?<=[a-z])\.(?=[A-Z][a-z])"
)
#: A line without one of these is one sentence: most are, and need not be looked through twice.
_MAY_END = re.compile(
    rf"[•▪■●◦‣∙➢➤►✓✔❖]|[.;:]\s*(?:{_BULLET}|\(?\d)"
    r"|[.!?;][\"”)]?\s*(?:and\s+)?[\"“(]?[A-Z]|\s\s"
)
_NUMBERED = re.compile(r"\s*\(?\d")
_LEAD = re.compile(rf"(?:\s|{_BULLET}|\(?\w\)\s)+")
_WORD = re.compile(r"\w")
_ABBREVIATED = re.compile(r"\b(?:e\.g|i\.e|etc|Dr|Mr|Mrs|Ms|Inc|St|vs|No|U\.S|Sr|Jr)\.$")


#: A plain tag, as nearly all are; what else looks like HTML is left to the parser.
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?/?>")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        if tag not in _INLINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag not in _INLINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


# The coder and the reader of duties ask for the same texts, a frame of `reading.ROWS` at a time.
@lru_cache(maxsize=2048)
def plain(text: str) -> str:
    """The text without tags and entities; what HTML puts on lines of its own stands on lines."""
    if len(text) > LONGEST:  # at the end of a sentence, not amid a word
        end = max(text.rfind(stop, 0, LONGEST) for stop in "\n.;")
        text = text[: end + 1] if end >= 0 else text[:LONGEST]
    if re.search(r"</?[a-zA-Z][^<>]*>", text):
        text = _untagged(text)
    # Publishers escape twice: &amp;nbsp;
    text = unescape(unescape(text)) if "&" in text else text
    text = re.sub(r"[\u200b\ufeff\xad\x00-\x08\x0e-\x1f]", "", text.replace("\xa0", " "))
    # Two blanks still say that lines were run together; thousands would be looked through again
    # and again.
    text = re.sub(r"[ \t]{3,}", "  ", text)
    return re.sub(r"[ \t]*[\r\n\u2028\x0b\x0c]+[ \t]*", "\n", text).strip()


def _untagged(text: str) -> str:
    """HTML without its tags; each tag that is no part of a line is a line break."""
    names = {name.lower() for name in _TAG.findall(text)}
    if not names & _UNSEEN:
        bare = _TAG.sub(lambda tag: "" if tag[1].lower() in _INLINE else "\n", text)
        if "<" not in bare and ">" not in bare:  # a fifth of the parser's time
            return unescape(bare)
    return _parsed(text)


def _parsed(text: str) -> str:
    reader = _Text()
    reader.feed(text)
    reader.close()
    return "".join(reader.parts)


def sentences(text: str) -> list[str]:
    """The sentences and list entries of a text, in order, without bullets and numbers."""
    found: list[str] = []
    for line in plain(text).split("\n"):
        if not (_MAY_END.search(line) or _NUMBERED.match(line)):
            found.append(line)
            continue
        for entry in _ENTRY.split(line):
            start = 0
            for end in _END.finditer(entry):
                if _ABBREVIATED.search(entry[: end.start()]):
                    continue
                found.append(entry[start : end.start()])
                start = end.end()
            found.append(entry[start:])
    tidy = []
    for one in found:
        one = f"{one} "
        lead = _LEAD.match(one)
        one = " ".join(one[lead.end() :].split()) if lead else " ".join(one.split())
        if _WORD.search(one):
            tidy.append(one)
    return tidy
