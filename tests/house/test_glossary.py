"""The classes of the domain are named with the glossary's words (docs/architecture.md)."""

import ast
import re

from tests.house.source import PRODUCT, ROOT, module, nodes

WORD = re.compile(r"[A-Z][a-z]+|[A-Z]+(?![a-z])")
ENDINGS = ("", "s", "es", "ed", "d", "ing", "al", "less")
IRREGULAR = {
    "begun": "begin", "chosen": "choose", "given": "give", "heard": "hear", "held": "hold", "kept": "keep",
    "left": "leave", "said": "say", "seen": "see", "sent": "send", "shown": "show", "taken": "take", "told": "tell",
    "took": "take", "typed": "type", "written": "write", "done": "do", "found": "find", "kinded": "kind",
    "people": "person", "legal": "law",
    "dropped": "drop", "pinned": "pin", "submitted": "submit", "withdrawn": "withdraw", "vacated": "vacate",
}  # fmt: skip


def glossary() -> set[str]:
    """The first column of the table, the verbs and the small words."""
    text = (ROOT / "docs/architecture.md").read_text().partition("## Glossary")[2]
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| ")]
    lists = [part.partition(":")[2] for part in text.split("\n\n") if part.startswith(("Verbs:", "Small words:"))]
    return set(re.findall(r"[a-z-]+", " ".join([*rows, *lists]).lower()))


def is_known(word: str, known: set[str]) -> bool:
    """Whether the glossary has the word, or what it is a form of."""
    stems = {word.removesuffix(ending) for ending in ENDINGS} | {IRREGULAR.get(word, word)}
    stems |= {f"{stem}e" for stem in stems} | {f"{stem[:-1]}y" for stem in stems if stem.endswith("i")}
    return not known.isdisjoint(stems)


def test_each_public_class_of_the_domain_is_made_of_the_glossarys_words() -> None:
    known, strange = glossary(), []
    for path in PRODUCT:
        if module(path).split(".")[0] == "domain":
            names = [node.name for node in nodes(path) if isinstance(node, ast.ClassDef) and node.name[0] != "_"]
            strange += [name for name in names for word in WORD.findall(name) if not is_known(word.lower(), known)]
    assert strange == []
    assert len(known) > 200
