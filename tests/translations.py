"""The translations of the window: `python tests/translations.py` brings files and program together.

Every text of the window is looked up in the sources, those that are new are put into the .ts files without a
translation, those that are gone are taken out, and complete files are compiled. Texts come from calls of `tr`, from
the declarations of layers and kernels, and from the errors and notes that the engine words.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from xml.sax.saxutils import escape

import filterlab
from filterlab.gui.files.showcase import spelled
from filterlab.gui.i18n import CONTEXT
from filterlab.gui.inspector.steps import readable
from filterlab.images.display import COLORMAPS
from filterlab.kernels import designs
from filterlab.layers import layer_types
from filterlab.layers.formula import AXES, LINES, SIDES
from filterlab.resources import samples

PACKAGE = Path(filterlab.__file__).parent
FOLDER = PACKAGE.parent / "resources" / "translations"
LANGUAGES = ("zh_CN",)
_ERRORS = {
    "FilterLabError",
    "ShapeError",
    "ChannelError",
    "ParameterError",
    "AmbiguousKernelError",
    "DivergenceError",
    "NeedsSizeError",
    "ImageError",
    "FileError",
}
_TEXT_ERROR = "text_error"  # makes the errors of kernel texts
_OPERATIONS = ("copied", "sum_of_products")  # of explanations
_RANGES = ("legal", "_range_words")
_ENGINE = (
    "functional",
    "layers",
    "pipeline",
    "kernels",
    "images",
    "batch",
    "lessons",
    "resources.py",
    "files.py",
)
_WORD = re.compile("[A-Za-z]{2}")


def messages() -> set[str]:
    """All texts that the window may show, as they stand in the program; {0}, {1} ... for what the engine fills in."""
    found = {text for path in sorted((PACKAGE / "gui").rglob("*.py")) for text in _of_window(path)}
    for part in _ENGINE:
        path = PACKAGE / part
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            found.update(_of_engine(file))
    found.update(_of_layers(), _of_kernels(), (spelled(name) for name in samples()))
    found.update(kind for _, kind in COLORMAPS.values())
    return {text for text in found if _WORD.search(text)}


# -- sources ------------------------------------------------------------------------------------------------


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            yield getattr(function, "id", getattr(function, "attr", "")), node


def _of_window(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    named = _named_texts(tree)
    for name, call in _calls(tree):
        if name == "tr" and call.args:
            yield from _constants(call.args[0])
        if name in _ERRORS:
            yield from _of_error(call, named)


def _constants(node: ast.expr) -> Iterator[str]:
    """The texts that an argument may be: a constant, or one of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)


def _of_engine(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    named = _named_texts(tree)
    for name, call in _calls(tree):
        if name in _ERRORS:
            yield from _of_error(call, named)
        elif name == _TEXT_ERROR:
            for text in call.args[:2]:
                yield from _templates(text, named)
        elif name in ("note", "plain", *_OPERATIONS) and call.args:
            yield from _templates(call.args[0], named)
    yield from _of_ranges(tree, named)


def _of_ranges(tree: ast.AST, named: dict[str, list[ast.expr]]) -> Iterator[str]:
    """What functions say of legal values, their parts in variables too; numbers stay numbers: "{0:g} to {1:g}"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name in _RANGES:
            for part in ast.walk(node):
                if isinstance(part, (ast.Return, ast.Assign)) and part.value is not None:
                    yield from _templates(part.value, named, numbers=True)


def _named_texts(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """What is assigned to names anywhere in a file: `what = f"..."` before `raise ...(what)`."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
            pairs = [(target, value)]
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs = list(zip(target.elts, value.elts, strict=True))
            for name, text in pairs:
                if isinstance(name, ast.Name):
                    found.setdefault(name.id, []).append(text)
    return found


def _of_error(call: ast.Call, named: dict[str, list[ast.expr]]) -> Iterator[str]:
    """what and hint of an error."""
    texts = [call.args[i] for i in (0, 2) if i < len(call.args)]
    texts += [keyword.value for keyword in call.keywords if keyword.arg == "hint"]
    for text in texts:
        yield from _templates(text, named)


def _templates(node: ast.expr, named: dict[str, list[ast.expr]], *, numbers: bool = False) -> Iterator[str]:
    if isinstance(node, ast.Name):
        for value in named.get(node.id, []):
            if not isinstance(value, ast.Name):
                yield from _templates(value, named)
    elif isinstance(node, ast.JoinedStr):
        parts: list[str] = []
        for part in node.values:
            place = sum(text.startswith("{") for text in parts)
            kind = ":g" if numbers and getattr(part, "format_spec", None) is not None else ""
            parts.append(part.value if isinstance(part, ast.Constant) else f"{{{place}{kind}}}")
        if _WORD.search(re.sub(r"\{\d+(:g)?\}", "", "".join(parts))):
            yield "".join(parts)
    elif isinstance(node, ast.IfExp):
        for choice in (node.body, node.orelse):
            if not isinstance(choice, ast.Name):  # which may be what is being assigned
                yield from _templates(choice, named, numbers=numbers)
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Dict):
        for value in node.value.values:
            yield from _constants(value)
    else:
        yield from _constants(node)


# -- declarations -------------------------------------------------------------------------------------------


def _of_layers() -> Iterator[str]:
    yield from AXES
    for pair in (*LINES.values(), *SIDES.values()):
        yield from pair
    for kind in layer_types().values():
        doc = cleandoc(kind.__doc__ or "").replace("`", "")
        yield from (kind.title, kind.group, doc, doc.split("\n")[0])
        for parameter in kind.declarations():
            yield from (readable(parameter.name), parameter.doc, parameter.kind.unit)
            for name in ("options", "sentences", "axes"):
                yield from getattr(parameter.kind, name, ())


def _of_kernels() -> Iterator[str]:
    for design in designs().values():
        yield from (design.title, design.group, design.doc)
        for parameter in design.parameters:
            yield from (readable(parameter.name), parameter.doc, parameter.unit, *parameter.choices)


# -- files --------------------------------------------------------------------------------------------------


def read(path: Path) -> dict[str, str]:
    """The translations of a .ts file; "" where one is missing."""
    if not path.exists():
        return {}
    found = {}
    for message in ET.parse(path).getroot().iter("message"):
        translation = message.find("translation")
        assert translation is not None, "every message has one"
        found[message.findtext("source", "")] = translation.text or ""
    return found


def write(path: Path, translations: dict[str, str], language: str) -> None:
    """A .ts file, sorted by source, so that changes are readable."""
    rows = ['<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE TS>"]
    rows += [f'<TS version="2.1" language="{language}">', "<context>", f"    <name>{CONTEXT}</name>"]
    for source, text in sorted(translations.items()):
        state = "" if text else ' type="unfinished"'
        rows += ["    <message>", f"        <source>{escape(source)}</source>"]
        rows += [f"        <translation{state}>{escape(text)}</translation>", "    </message>"]
    path.write_text("\n".join([*rows, "</context>", "</TS>", ""]), encoding="utf-8")


def write_patterns(path: Path, texts: set[str]) -> None:
    """The texts with numbered fields, which the window takes apart when the engine has filled them in."""
    patterns = sorted(text for text in texts if re.search(r"\{\d+(:g)?\}", text))
    path.write_text(json.dumps(patterns, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> int:
    """Update and compile all languages; gives the number of texts that are not translated."""
    FOLDER.mkdir(exist_ok=True)
    write_patterns(FOLDER / "patterns.json", messages())
    missing = 0
    for language in LANGUAGES:
        path = FOLDER / f"filterlab_{language}.ts"
        known = read(path)
        translations = {text: known.get(text, "") for text in messages()}
        write(path, translations, language)
        untranslated = sorted(text for text, words in translations.items() if not words)
        missing += len(untranslated)
        print(f"{path.name}: {len(translations)} texts, {len(untranslated)} without translation")
        for text in untranslated:
            print(f"  {text!r}")
        subprocess.run(["pyside6-lrelease", "-silent", str(path)], check=True)
    return missing


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
