"""The translations of the window: `python tests/tools/translations.py` brings files and program together.

Every text of the window is looked up in the sources, those that are new are put into the .ts files without a
translation, those that are gone are taken out, and complete files are compiled. Texts come from calls of `tr`, from
the declarations of layers and kernels, and from the errors and notes that the engine words.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from types import ModuleType
from xml.sax.saxutils import escape

import filterlab
import filterlab.layers.base
from filterlab import layers, learning, restoration
from filterlab.explain.drawing.sights import TITLES
from filterlab.explain.lenses import LENSES
from filterlab.gui.files.showcase import spelled
from filterlab.gui.words.i18n import CONTEXT
from filterlab.gui.words.wording import readable
from filterlab.images.display import COLORMAPS
from filterlab.kernels import designs
from filterlab.kernels.families import FAMILIES
from filterlab.layers import layer_types
from filterlab.layers.base.formula import AXES, LINES, SIDES
from filterlab.learning.descent.optimizers import asked_options
from filterlab.parameters import Parameter
from filterlab.resources import samples
from filterlab.text.messages import numbered

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
    "broken",
    "unsupported",
    "Flaw",
    "NotCarriedError",
    "Cut",
}
_SENTENCES = {
    "say": 1,
    "count": 3,
    "copied": 1,
    "sum_of_products": 1,
    "plain": 1,
    "text_error": 2,
}  # which arguments may be templates
_OTHERS = ("cli",)  # what the command line alone says stays English
_WORD = re.compile("[A-Za-z]{2}")


def messages() -> set[str]:
    """All texts that the window may show, as they stand in the program; {0}, {1} ... for what the engine fills in."""
    found: set[str] = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.relative_to(PACKAGE).parts[0] not in _OTHERS:
            found.update(_of_file(path))
    found.update(text for lens in LENSES for text in (lens.title, lens.limits))
    found.update(TITLES)
    found.update(_of_layers(), _of_kernels(), _of_options(), (spelled(name) for name in samples()))
    found.update(kind for _, kind in COLORMAPS.values())
    return {text for text in found if _WORD.search(text)}


# -- sources ------------------------------------------------------------------------------------------------


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            yield getattr(function, "id", getattr(function, "attr", "")), node


def _of_file(path: Path) -> Iterator[str]:
    """The constants given to `tr` and to what makes errors, and the templates of sentences, with numbered fields."""
    for name, call in _calls(ast.parse(path.read_text(encoding="utf-8"))):
        if name == "tr" and call.args:
            yield from _constants(call.args[0])
        elif name in _ERRORS:
            texts = [call.args[i] for i in (0, 2) if i < len(call.args)]
            texts += [keyword.value for keyword in call.keywords if keyword.arg == "hint"]
            yield from (text for argument in texts for text in _constants(argument))
        elif name in _SENTENCES:
            filled = name == "count" or (name == "say" and len(call.args) > 1)
            for argument in call.args[: _SENTENCES[name]]:
                yield from (numbered(text) if filled else text for text in _constants(argument))


def _constants(node: ast.expr) -> Iterator[str]:
    """The texts that an argument may be: a constant, or one of several."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _constants(value)
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Dict):
        for value in node.value.values:
            yield from _constants(value)


# -- declarations -------------------------------------------------------------------------------------------


def _of_layers() -> Iterator[str]:
    yield from AXES
    for pair in (*LINES.values(), *SIDES.values()):
        yield from pair
    for kind in layer_types().values():
        doc = cleandoc(kind.__doc__ or "").replace("`", "")
        yield from (kind.title, kind.group, doc, doc.split("\n")[0])
        for parameter in kind.declarations():
            yield from _of_parameter(parameter)


def _of_kernels() -> Iterator[str]:
    for design in designs().values():
        yield from (design.title, design.group, design.doc)
        for parameter in design.parameters:
            yield from _of_parameter(parameter)
    for family in FAMILIES.values():
        yield from (family.title, family.doc)
        for parameter in family.parameters:
            yield from _of_parameter(parameter)


def _of_options() -> Iterator[str]:
    declared = (option for package in (learning, restoration, layers.base) for option in options_of(package))
    for option in (*declared, *asked_options().values()):
        yield from _of_parameter(option)


def _of_parameter(parameter: Parameter) -> Iterator[str]:
    yield from (parameter.title or readable(parameter.name), parameter.doc, parameter.kind.unit)
    for name in ("titles", "sentences", "axes"):
        yield from getattr(parameter.kind, name, ())
    if not getattr(parameter.kind, "titles", ()):
        yield from getattr(parameter.kind, "options", ())


def options_of(package: ModuleType) -> Iterator[Parameter]:
    """The parameters that the modules of a package declare at their top, alone or several together."""
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            several = value if isinstance(value, tuple) else (value,)
            yield from (one for one in several if isinstance(one, Parameter))


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


def main() -> int:
    """Update and compile all languages; gives the number of texts that are not translated."""
    FOLDER.mkdir(exist_ok=True)
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
