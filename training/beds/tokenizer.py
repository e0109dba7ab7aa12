"""A small byte-level BPE tokenizer in CLIP's format, learnt from captions of scenes."""
import argparse
import json
from collections.abc import Iterator
from random import Random

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTokenizer, CLIPTokenizerFast

from .captions import article
from .nets import TOKENS
from .places import Work
from .scenes import Record

# Words that people write and captions lack; split into few tokens, they disturb less.
_EXTRA = """
the of in on with at left right top bottom side center middle small big large picture photo image illustration drawing
scene painting beautiful red orange yellow green blue purple white black dark bright light many two three one and or over
under behind next to style masterpiece best quality low bad blurry day morning evening summer winter spring autumn water
grass sand sea sun moon stars tree flower animal food vehicle toy building park garden road street wall room table sky
mountain river lake
""".split()
# The words of CLIP's tokenizer (Radford et al. 2021): contractions, runs of letters, single digits, runs of the rest.
_WORDS = r"""'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"""


def _caption(r: Random, record: Record) -> str:
    """Everything a record has, always with style and background: the tokenizer must know all words."""
    objects = [article(r, o[0]) for o in record["objs"]]
    r.shuffle(objects)
    parts = [(" and " if r.random() < 0.3 else ", ").join(objects)] if objects else []
    return ", ".join([*parts, record["bg"], record["style"], *([record["effect"]] if record["effect"] else [])])


def texts(work: Work, names: list[str], seed: int = 0) -> Iterator[str]:
    r = Random(seed)
    for name in names:
        for record in json.loads((work.data / f"{name}.json").read_text()):
            yield _caption(r, record)
    for _ in range(4000):
        yield " ".join(r.sample(_EXTRA, 8))


def learn(captions: Iterator[str], size: int) -> tuple[list[str], list[tuple[str, str]]]:
    """CLIP's vocabulary order (bytes, bytes that end a word, merges, start, end) and the merges."""
    tokenizer = Tokenizer(models.BPE(continuing_subword_prefix="", end_of_word_suffix="</w>", unk_token="<|endoftext|>"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    words = pre_tokenizers.Split(Regex(_WORDS), behavior="removed", invert=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([words, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=alphabet, end_of_word_suffix="</w>", special_tokens=[], limit_alphabet=1000,
        show_progress=False,
    )
    tokenizer.train_from_iterator(captions, trainer)
    learnt = json.loads(tokenizer.to_str())["model"]["merges"]
    merges = [tuple(m) if not isinstance(m, str) else tuple(m.split(" ")) for m in learnt]
    vocabulary = dict.fromkeys([*alphabet, *(a + "</w>" for a in alphabet), *(a + b for a, b in merges)])
    return [*vocabulary, "<|startoftext|>", "<|endoftext|>"], merges


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sets", nargs="+", required=True, help="names of sets of plain scenes whose captions are learnt")
    parser.add_argument("--size", type=int, default=1600, help="most tokens before those that end words are added")


def run(args: argparse.Namespace) -> None:
    vocabulary, merges = learn(texts(args.work, args.sets), args.size)
    out = args.work.tokenizer
    out.mkdir(parents=True, exist_ok=True)
    (out / "vocab.json").write_text(json.dumps({token: i for i, token in enumerate(vocabulary)}, ensure_ascii=False))
    (out / "merges.txt").write_text("#version: 0.2\n" + "\n".join(" ".join(m) for m in merges) + "\n")
    files = (str(out / "vocab.json"), str(out / "merges.txt"))
    slow = CLIPTokenizer(*files, model_max_length=TOKENS, pad_token="<|endoftext|>")
    slow.save_pretrained(out)
    fast = CLIPTokenizerFast.from_pretrained(out)
    fast.save_pretrained(out)
    for text in ("a cat and an apple, blue sky, noto style", "Émoji 🎉 unknown words xyzzy", ""):
        if slow(text).input_ids != fast(text).input_ids:
            raise ValueError(f'The two forms of the tokenizer differ on "{text}"')
    print(f"{len(vocabulary)} tokens, start {slow.bos_token_id}, end and padding {slow.eos_token_id}")
