"""Translations without system tools: gather, derive, compile and check the .po files below gewu/.

    messages.py extract   new strings from Python and templates into locale/zh_Hans of the app that owns the file
    messages.py hant      locale/zh_Hant from zh_Hans
    messages.py compile   every .po to its .mo (needs the core packages alone: `make install` runs it)
    messages.py check     what is untranslated, fuzzy, missing or has lost a placeholder; fails when anything is

A file belongs to the nearest folder above it that has a `locale/` folder. English is the msgid itself.

zh_Hant is made by OpenCC's `s2tw`: traditional characters in the standard forms, and nothing more. `s2twp` would also
swap words for those of Taiwan's computing (信息 to 資訊), but the words here are those of the field and its law, which
a reader of traditional characters must be able to match with the documents. What a character table cannot know
(准入, 里 as a measure) stands in hant_overrides.tsv.
"""

from __future__ import annotations

import io
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "gewu"
OVERRIDES = Path(__file__).resolve().with_name("hant_overrides.tsv")
LANGUAGES = ("zh_Hans", "zh_Hant")
TEMPLATES = (".html", ".txt", ".xml")
KEYWORDS: dict[str, object] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdif]|\{[\w.!:]*\}")

Key = tuple[str | None, str]


@dataclass
class Found:
    """One string of the sources and the files it stands in."""

    msgid: str
    context: str | None = None
    plural: str | None = None
    files: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        return (self.context, self.msgid)


def locales() -> list[Path]:
    """Every locale folder, in code order."""
    return sorted(path for path in SOURCES.rglob("locale") if path.is_dir())


def catalogue(locale: Path, language: str) -> Path:
    return locale / language / "LC_MESSAGES" / "django.po"


def owner(file: Path) -> Path | None:
    """The locale folder that holds the strings of `file`."""
    for folder in file.parents:
        if (folder / "locale").is_dir():
            return folder / "locale"
        if folder == SOURCES:
            return None
    return None


def strings() -> dict[Path | None, dict[Key, Found]]:
    """All strings of the sources by locale folder; under None those of files that belong to no folder."""
    gathered: dict[Path | None, dict[Key, Found]] = {}
    for file in sorted(SOURCES.rglob("*")):
        if file.suffix != ".py" and not (file.suffix in TEMPLATES and "templates" in file.parts):
            continue
        for found in _strings_of(file):
            kept = gathered.setdefault(owner(file), {}).setdefault(found.key, found)
            kept.plural = kept.plural or found.plural
            name = str(file.relative_to(ROOT))
            if name not in kept.files:
                kept.files.append(name)
    return gathered


def _strings_of(file: Path) -> Iterator[Found]:
    from babel.messages.extract import extract

    text = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        text = _as_python(text, file)
    for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
        singular, plural = message if isinstance(message, tuple) else (message, None)
        if singular:
            yield Found(singular, context, plural)


def _as_python(text: str, file: Path) -> str:
    """A template as the Python-like text Django makes for gettext; indentation means nothing there."""
    from django.utils.translation.template import templatize

    return "\n".join(line.lstrip() for line in templatize(text, origin=str(file)).splitlines())


def extract() -> int:
    """Bring each zh_Hans catalogue in line with the sources: keep what is translated, drop what is gone."""
    gathered = strings()
    for found in gathered.pop(None, {}).values():
        print(f"no locale folder above {', '.join(found.files)}: {found.msgid!r}", file=sys.stderr)
    for locale in locales():
        path = catalogue(locale, "zh_Hans")
        known = _entries(path)
        made = _new_catalogue("zh_Hans")
        for key, found in gathered.get(locale, {}).items():
            made.append(_entry(found, known.get(key)))
        _save(made, path)
    return 1 if None in gathered else 0


def _entry(found: Found, known: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=found.msgid,
        msgctxt=found.context,
        msgid_plural=found.plural or "",
        msgstr="" if found.plural or known is None else known.msgstr,
        occurrences=[(file, "") for file in found.files],
        tcomment=known.tcomment if known else "",
    )
    if found.plural:
        entry.msgstr_plural = {0: (known and (known.msgstr_plural.get(0) or known.msgstr)) or ""}
    return entry


def hant() -> int:
    """Derive zh_Hant from zh_Hans."""
    convert = converter()
    for locale in locales():
        made = _new_catalogue("zh_Hant")
        for entry in _entries(catalogue(locale, "zh_Hans")).values():
            entry.msgstr = convert(entry.msgstr)
            entry.msgstr_plural = {number: convert(text) for number, text in entry.msgstr_plural.items()}
            made.append(entry)
        _save(made, catalogue(locale, "zh_Hant"))
    return 0


def converter() -> Callable[[str], str]:
    """Simplified to traditional characters, with the overrides first."""
    from opencc import OpenCC

    table = dict(
        line.split("\t")[:2]
        for line in OVERRIDES.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
    phrases = re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)))
    opencc = OpenCC("s2tw")

    def convert(text: str) -> str:
        pieces, end = [], 0
        for found in phrases.finditer(text):
            pieces += [opencc.convert(text[end : found.start()]), table[found.group()]]
            end = found.end()
        return "".join([*pieces, opencc.convert(text[end:])])

    return convert


def compile_all() -> int:
    """Every .po to its .mo."""
    for locale in locales():
        for path in sorted(locale.glob("*/LC_MESSAGES/*.po")):
            polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
    return 0


def check() -> int:
    """Print every fault; 1 when there is one."""
    faults = list(find_faults())
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def find_faults() -> Iterator[str]:
    """What a reader of Chinese would stumble over."""
    gathered = strings()
    for found in gathered.pop(None, {}).values():
        yield f"{found.files[0]}: no locale folder above this file holds {found.msgid!r}"
    for locale in locales():
        for language in LANGUAGES:
            path = catalogue(locale, language)
            entries = _entries(path)
            name = path.relative_to(ROOT)
            for key, found in gathered.get(locale, {}).items():
                if key not in entries:
                    yield f"{name}: missing {found.msgid!r} of {found.files[0]}"
            for entry in entries.values():
                yield from (f"{name}: {fault} {entry.msgid!r}" for fault in _faults_of(entry))


def _faults_of(entry: polib.POEntry) -> Iterator[str]:
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not texts or not all(texts):
        yield "untranslated"
    elif entry.fuzzy:
        yield "fuzzy"
    else:
        wanted = Counter(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        if any(Counter(PLACEHOLDER.findall(text)) != wanted for text in texts):
            yield "other placeholders than in"


def _entries(path: Path) -> dict[Key, polib.POEntry]:
    if not path.exists():
        return {}
    return {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(path)) if not entry.obsolete}


def _new_catalogue(language: str) -> polib.POFile:
    made = polib.POFile(wrapwidth=110)
    made.metadata = {
        "Project-Id-Version": "gewu",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return made


def _save(made: polib.POFile, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = str(made).rstrip() + "\n"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        print(
            f"{path.relative_to(ROOT)}: {len(made)} strings, {len(made.untranslated_entries())} untranslated"
        )


def main(words: list[str]) -> int:
    commands = {"extract": extract, "hant": hant, "compile": compile_all, "check": check}
    if len(words) != 1 or words[0] not in commands:
        print(f"usage: messages.py {'|'.join(commands)}", file=sys.stderr)
        return 2
    return commands[words[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
