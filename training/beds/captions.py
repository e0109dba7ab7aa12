"""Captions of records, of whole pictures and of regions; and which combinations are never trained on."""
import zlib
from random import Random

from .scenes import Record

EMPTY_SHARE = 0.1  # of all captions: the unconditional prompt that guidance needs
_HELD_OUT = 16  # one combination in so many is held out


def article(r: Random, noun: str) -> str:
    """"cat" or "a cat"."""
    return noun if r.random() < 0.5 else ("an " if noun[0] in "aeiou" else "a ") + noun


def nouns_of(r: Random, nouns: list[str]) -> str:
    """"a cat and dog" in any order, or ""."""
    named = [article(r, noun) for noun in nouns]
    r.shuffle(named)
    return (" and " if r.random() < 0.35 else ", ").join(named)


def caption(r: Random, record: Record) -> str:
    """A caption of a plain scene: objects, then mostly the background, the style and, always, the effect."""
    if r.random() < EMPTY_SHARE:
        return ""
    objects = nouns_of(r, [o[0] for o in record["objs"]])
    parts = [objects] if objects else []
    if not objects or r.random() < 0.75:
        parts.append(record["bg"])
    if r.random() < 0.15:
        r.shuffle(parts)
    if r.random() < 0.7:
        parts.append(record["style"])
    if record["effect"]:
        parts.insert(0 if r.random() < 0.5 else len(parts), record["effect"])
    return ", ".join(parts)


def full_caption(nouns: list[str], background: str | None, style: str | None = None, effect: str | None = None) -> str:
    """The plain form in which pictures are asked for: "a cat and an owl, forest, noto style, neon"."""
    named = " and ".join(("an " if noun[0] in "aeiou" else "a ") + noun for noun in nouns)
    return ", ".join(part for part in (named, background, style, effect) if part)


def held_out(nouns: list[str], background: str | None, style: str, effect: str | None) -> bool:
    """Whether this combination is kept from training, for evaluation: one in sixteen, by a checksum of its full caption.

    Pictures without objects are too few in kind to hold any out.
    """
    return len(nouns) > 0 and zlib.crc32(full_caption(sorted(nouns), background, style, effect).encode()) % _HELD_OUT == 0


def record_held_out(record: Record) -> bool:
    return held_out([o[0] for o in record["objs"]], record["bg"], record["style"], record["effect"])
