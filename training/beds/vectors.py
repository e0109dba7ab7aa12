"""Emoji vectors of npm packages -> one SVG file per icon; and who made them, for NOTICE.

`npm ci` in training/vectors fetches the packages that its package.json pins.
"""
import argparse
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import resvg_py
from PIL import Image

from .concepts import CONCEPTS, STYLES
from .places import ROOT, Work

PACKAGES = ROOT / "vectors" / "node_modules" / "@iconify-json"
# Licences under which pictures may be composed, a model trained on them and its weights passed on, with attribution.
OPEN_LICENCES = {"Apache-2.0", "MIT", "CC-BY-4.0", "CC0-1.0"}
SIDE = 192  # pixels; the largest an object gets


@dataclass(frozen=True)
class Attribution:
    title: str
    author: str
    licence: str
    package: str
    version: str
    source: str


def attributions(packages: Path = PACKAGES) -> list[Attribution]:
    """Of every package a style is drawn from, as the packages themselves say it.

    Raises ValueError where a licence is not in OPEN_LICENCES, or package.json and info.json name different ones.
    """
    found = []
    for style in STYLES:
        package = json.loads((packages / style / "package.json").read_text())
        info = json.loads((packages / style / "info.json").read_text())
        licence = package["license"]
        if licence not in OPEN_LICENCES or info["license"]["spdx"] != licence:
            raise ValueError(f'Cannot use {package["name"]}: its licence is "{licence}", "{info["license"]["spdx"]}"')
        author = info["author"]
        found.append(Attribution(info["name"], author["name"], licence, package["name"], package["version"], author["url"]))
    return found


def _svg(icons: dict, name: str) -> str:
    """Iconify's JSON: an icon or an alias of one, with the set's size where the icon has none of its own."""
    icon = icons["icons"].get(name) or icons["icons"][icons["aliases"][name]["parent"]]

    def measure(key: str, default: int) -> float:
        return icon.get(key, icons.get(key, default))

    box = f'{measure("left", 0)} {measure("top", 0)} {measure("width", 16)} {measure("height", 16)}'
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {spaces} viewBox="{box}" width="{SIDE}" height="{SIDE}">{icon["body"]}</svg>'


def draw(svg: str, side: int) -> Image.Image:
    """Rasterises a square SVG to RGBA."""
    return Image.open(io.BytesIO(resvg_py.svg_to_bytes(svg_string=svg, width=side, height=side))).convert("RGBA")


def load_icons(work: Work) -> dict[tuple[str, str], Image.Image]:
    """(style, noun) -> the icon, RGBA, SIDE x SIDE."""
    return {
        (style, concept.noun): draw((work.svg / style / f"{concept.icon}.svg").read_text(), SIDE)
        for style in STYLES
        for concept in CONCEPTS
    }


def notice_lines() -> Iterator[str]:
    yield "models/beds-256"
    yield "  A model trained from scratch on pictures composed from these vector graphics:"
    for a in attributions():
        yield f"  - {a.title}, Copyright {a.author}, {a.licence}, {a.source},"
        yield f"    as packaged in {a.package} {a.version}"


def write_notice(path: Path) -> bool:
    """Replaces the block `models/beds-256` of a NOTICE file; tells whether anything changed.

    Raises ValueError where the file has no such block.
    """
    blocks = path.read_text().split("\n\n")
    at = [i for i, block in enumerate(blocks) if block.startswith("models/beds-256")]
    if len(at) != 1:
        raise ValueError(f"Cannot update {path}: {len(at)} blocks start with models/beds-256, one expected")
    old = path.read_text()
    blocks[at[0]] = "\n".join(notice_lines())
    path.write_text("\n\n".join(blocks))
    return path.read_text() != old


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--notice", type=Path, default=ROOT.parent / "NOTICE", help="where attributions go")


def run(args: argparse.Namespace) -> None:
    for style in STYLES:
        icons = json.loads((PACKAGES / style / "icons.json").read_text())
        folder = args.work.svg / style
        folder.mkdir(parents=True, exist_ok=True)
        for concept in CONCEPTS:
            (folder / f"{concept.icon}.svg").write_text(_svg(icons, concept.icon))
    changed = write_notice(args.notice)
    print(f"{len(CONCEPTS)} icons of {len(STYLES)} packages; {args.notice} {'rewritten' if changed else 'is up to date'}")
