"""`filterlab kernels`: the named kernels with their parameters and numbers."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from filterlab.cli import exits
from filterlab.cli.parser import path, whole_number
from filterlab.text.messages import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from filterlab.kernels import Design
    from filterlab.kernels.families import Bank
    from filterlab.parameters import Parameter
    from filterlab.pipeline import Pipeline


def add(commands: Any) -> None:
    """Declare the command."""
    p = commands.add_parser(
        "kernels", help="named kernels, banks of them, and designed responses", description=__doc__
    )
    p.add_argument("name", metavar="KERNEL", nargs="?", help="one kernel, with its numbers")
    p.add_argument(
        "parameters", metavar="KEY=VALUE", nargs="*", help="its parameters, such as size=5 sigma=1.5"
    )
    p.add_argument(
        "--bank", action="store_true", help="KERNEL is a family, gabor or steerable, and gives a bank"
    )
    p.add_argument(
        "--out",
        metavar="FILE",
        type=path,
        help="write the numbers (.npy), or a pipeline of the layer (.json)",
    )
    p.add_argument(
        "--channels",
        metavar="N",
        type=whole_number(1, 4096),
        default=1,
        help="of the picture that the layer of a bank reads",
    )
    p.add_argument("--overwrite", action="store_true", help="replace an existing file")
    p.add_argument("--json", action="store_true", help="print the declarations, and the numbers, as JSON")
    p.set_defaults(execute=execute)


def execute(arguments: argparse.Namespace) -> int:
    """Run the command. Raises ParameterError for unknown names and values out of range."""
    from filterlab import kernels
    from filterlab.cli.tables import print_json, print_table

    if arguments.out is not None:
        _check_out(arguments)
    if arguments.bank:
        _bank(arguments)
    elif arguments.name is not None:
        _one(kernels.get(arguments.name), arguments)
    elif arguments.json:
        print_json([_to_dict(design) for design in kernels.designs().values()])
    else:
        rows = [(d.group, d.name, d.doc.partition("\n")[0]) for d in kernels.designs().values()]
        print_table(("group", "kernel", "what it does"), rows)
    return exits.DONE


def _check_out(arguments: argparse.Namespace) -> None:
    """Raise FileError where nothing can be written, before the work."""
    from filterlab.cli import places
    from filterlab.errors import FileError, ParameterError

    if arguments.name is None:
        raise ParameterError("--out needs a kernel", "kernels", "name one")
    if arguments.out.suffix not in (".json", ".npy"):
        what = f"the suffix {arguments.out.suffix!r} is not known"
        raise FileError(what, str(arguments.out), "use .json or .npy")
    places.check_out(arguments.out, arguments.overwrite)


def _write(out: Path, numbers: Any, pipeline: Callable[[], Pipeline]) -> None:
    from filterlab.images.writing import write_array

    if out.suffix == ".npy":
        write_array(out, numbers)
    else:
        pipeline().save(out)


def _bank(arguments: argparse.Namespace) -> None:
    from filterlab.cli.tables import print_json, print_table
    from filterlab.kernels.families import FAMILIES, family

    if arguments.name is None:
        print_table(("family", "what it is"), [(f.name, f.doc) for f in FAMILIES.values()])
        return
    found = family(arguments.name)
    bank = found(**_given(found.parameters, arguments.parameters))
    if arguments.out is not None:
        _write(arguments.out, bank.kernels, lambda: _bank_pipeline(bank, arguments.channels))
    if arguments.json:
        mixing = None if bank.mixing is None else bank.mixing.tolist()
        print_json({"kernels": list(bank.recipes), "steered": list(bank.steered), "mixing": mixing})
        return
    print(f"{found.title}: {found.doc}\n{found.formula}\n{found.source}\n")
    keys = [key for key in bank.recipes[0] if key not in ("preset", "size")]
    rows = [(i, *(recipe[key] for key in keys)) for i, recipe in enumerate(bank.recipes)]
    print_table(("kernel", *keys), rows, right=range(len(keys) + 1))
    for formula in bank.formulas():
        print(formula)


def _bank_pipeline(bank: Bank, channels: int) -> Pipeline:
    from filterlab.merging.banks import insert_bank
    from filterlab.pipeline import Pipeline

    return insert_bank(Pipeline(), bank, channels)[0]


def _filter_pipeline(design: Design, values: dict[str, Any]) -> Pipeline:
    from filterlab.layers.base.registry import layer_type
    from filterlab.pipeline import Pipeline

    return Pipeline([(design.name, layer_type("filter2d")(kernel={"preset": design.name, **values}))])


def _one(design: Design, arguments: argparse.Namespace) -> None:
    from dataclasses import asdict

    from filterlab.cli.numbers import short
    from filterlab.cli.tables import print_json, print_table
    from filterlab.kernels.bands import DESIGNED, achieved

    given = _given(design.parameters, arguments.parameters)
    values = design(**given)
    judged = achieved(design.name, **given) if design.name in DESIGNED else None
    if arguments.out is not None:
        _write(arguments.out, values, lambda: _filter_pipeline(design, given))
    if arguments.json:
        response = {} if judged is None else {"achieved": asdict(judged)}
        print_json({**_to_dict(design), "values": values.tolist(), **response})
        return
    print(f"{design.title}: {design.doc}\n{design.formula}\n{design.source}\n")
    if judged is not None:
        print(f"{judged.words()}\n")
    rows = [
        (p.name, "" if p.default is None else p.default_json(), p.kind.unit, p.kind.legal(), p.doc)
        for p in design.parameters
    ]
    if rows:
        print_table(("parameter", "default", "unit", "legal", ""), rows)
        print()
    columns = range(values.shape[1])
    print_table([""] * len(columns), [[short(v) for v in row] for row in values], right=columns)


def _given(declared: Sequence[Parameter], texts: Sequence[str]) -> dict[str, Any]:
    """The values of KEY=VALUE words; those of choices stay words, also where they look like numbers."""
    from filterlab.parameters import Choice

    words = {p.name for p in declared if isinstance(p.kind, Choice)}
    values = dict(assignment(text) for text in texts)
    return values | {name: value for name, _, value in (t.partition("=") for t in texts) if name in words}


def assignment(text: str) -> tuple[str, Any]:
    """The name and the value of a parameter, written as KEY=VALUE. Raises ParameterError."""
    from filterlab.errors import ParameterError

    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise ParameterError(say("{!r} is not KEY=VALUE", text), "kernels", "write size=5")
    # JSON reads numbers, lists and true as people write them.
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value  # a word, as in axis=y


def _to_dict(design: Design) -> dict[str, Any]:
    head = {name: getattr(design, name) for name in ("name", "title", "group", "source", "formula", "doc")}
    return {**head, "parameters": [_parameter(p) for p in design.parameters]}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    kind = parameter.kind
    return {
        "name": parameter.name,
        "kind": "size" if kind.editor == "pair" else kind.editor,
        "default": parameter.default_json(),
        "doc": parameter.doc,
        "minimum": kind.minimum,
        "maximum": kind.maximum,
        "slider": kind.slider,
        "unit": kind.unit,
        "choices": getattr(kind, "options", ()),
        "odd": getattr(kind, "odd", False),
    }
