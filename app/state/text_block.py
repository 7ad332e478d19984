"""A plain text with headings and items, as pages draw it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, or a list of items (then `items`)."""

    kind: str
    text: str = ""
    items: list[str] = field(default_factory=list)


def blocks_of(body: str) -> list[Block]:
    """Paragraphs apart by a blank line; « ## » opens a heading (or « # »), « - » an item."""
    found: list[Block] = []
    for part in body.split("\n\n"):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        words: list[str] = []
        for line in lines:
            if line.startswith(("## ", "# ")):
                _close(found, words)
                found.append(Block("title", line.lstrip("#").strip()))
            elif line.startswith("- "):
                _close(found, words)
                if found and found[-1].kind == "list":
                    found[-1].items.append(line[2:])
                else:
                    found.append(Block("list", items=[line[2:]]))
            else:
                words.append(line)
        _close(found, words)
    return found


def _close(found: list[Block], words: list[str]) -> None:
    if words:
        found.append(Block("text", " ".join(words)))
        words.clear()
