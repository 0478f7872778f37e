"""A lesson as its file holds it. Reading trusts nothing: a wrong file raises an error that says where."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    model_validator,
)

from filterlab.errors import FileError, ParameterError
from filterlab.learning.descent.optimizers import OPTIMIZER
from filterlab.learning.descent.schedules import SCHEDULE
from filterlab.learning.options import LOSS
from filterlab.parameters import Parameter
from filterlab.resources import resource
from filterlab.text.messages import say
from filterlab.text.system import refusal

FORMAT = "filterlab-lesson/1"
LANGUAGES = ("en", "zh_CN")
Text = Annotated[str, Field(min_length=1)]
Index = Annotated[int, Field(ge=0)]
Size = Annotated[int, Field(ge=1)]
Claim = Annotated[dict[str, Any], Field(min_length=1, max_length=1)]  # {kind of fact: arguments}


class _LessonPart(BaseModel):
    # Forbidden, because a misspelt key would otherwise be passed over in silence.
    model_config = ConfigDict(frozen=True, extra="forbid")

    one_of: ClassVar[tuple[str, ...]] = ()  # of these exactly one is given

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.one_of and sum(bool(getattr(self, name)) for name in self.one_of) != 1:
            *names, last = self.one_of
            raise ValueError(f"give one of {', '.join(names)} and {last}")
        return self


class LessonWords(_LessonPart):
    """A text in every language, as Markdown without links, pictures and tables."""

    en: Text
    zh_CN: Text  # noqa: N815 - the name of the locale

    def said(self, language: str) -> str:
        """The text in a language; in English where that language is missing."""
        return str(getattr(self, language)) if language in LANGUAGES else self.en


class Question(_LessonPart):
    """A question to think about, after the words of the step. The answer is shown on request."""

    text: LessonWords
    answer: LessonWords


class PossibleAnswer(_LessonPart):
    """One of the answers to choose from. fact: true for the right one, false for every other."""

    text: LessonWords
    fact: Claim


class Prediction(_LessonPart):
    """A question that is answered before the step shows its words and the maps that it asks about.

    cover: the nodes that are left out until then, with all that read them. fact: its last figure is the answer, a
    number or an array; tolerance: by how much an answer may differ from it, in its units. choices: in place of a
    fact; right: the index of the right one.
    """

    one_of = "fact", "choices"

    text: LessonWords
    hint: LessonWords
    cover: list[str] = []
    fact: Claim | None = None
    tolerance: Annotated[float, Field(ge=0)] = 0.005
    choices: list[PossibleAnswer] = []
    right: Index = 0

    @model_validator(mode="after")
    def _right_is_there(self) -> Self:
        if self.choices and self.right >= len(self.choices):
            raise ValueError(f"right is the index of one of {len(self.choices)} choices")
        return self


class LessonNetwork(_LessonPart):
    """An example that is written as an ONNX file and read again, as a network of another program is opened.

    without: nodes that are not written. preprocess: what is put before the network that was read, as in `import_onnx`.
    """

    example: Text
    without: list[str] = []
    preprocess: str | None = None


class LessonSource(_LessonPart):
    """The source of a pipeline: nodes as in a pipeline file, an example, a network, or changes to the pipeline before.

    nodes: a node may have "repeat": n, which makes n of it, each reading the one before. change: node -> parameter ->
    value.
    """

    one_of = "nodes", "example", "network", "change"

    nodes: list[dict[str, Any]] = []
    example: str = ""
    network: LessonNetwork | None = None
    change: dict[str, dict[str, Any]] = {}


class PictureSource(_LessonPart):
    """The source of a picture: a sample, cropped to (top, left, height, width), or numbers (H, W) or (C, H, W).

    The picture is then processed in this order. grey: the mean of its channels; through: nodes, the last of which
    gives the picture; noise: the standard deviation of normal noise, the same every time; bits: rounded as in a file
    of so many bits, and therefore clipped to [0, 1].
    """

    one_of = "sample", "values"

    sample: str = ""
    crop: tuple[Index, Index, Index, Index] | None = None
    values: list[Any] = []
    grey: bool = False
    through: list[dict[str, Any]] = []
    noise: Annotated[float, Field(ge=0)] = 0
    bits: Literal[8, 16] | None = None


class Teacher(_LessonPart):
    """The teacher of a step.

    It is a named kernel in place of the learned one, an example pipeline, or labelled pictures that come with the
    program.
    """

    one_of = "preset", "example", "classes"

    preset: str = ""
    example: str = ""
    classes: str = ""


def _kind_of_target(given: Any) -> str:
    if isinstance(given, list):
        return "numbers"
    keys = given.keys() if isinstance(given, dict) else ()
    picture = isinstance(given, PictureSource) or "sample" in keys or "values" in keys
    return "picture" if picture else "teacher"


Target = Annotated[
    Annotated[list[Any], Tag("numbers")]
    | Annotated[PictureSource, Tag("picture")]
    | Annotated[Teacher, Tag("teacher")],
    # Told apart before they are read: errors are then those of the kind that was meant, and not of all three.
    Discriminator(_kind_of_target),
]


def _declared(parameter: Parameter) -> AfterValidator:
    """A validator for the values of an option of learning, whose declaration is the one list of them."""

    def check(value: str) -> str:
        try:
            return str(parameter.read(value, "lesson"))
        except ParameterError as error:
            raise ValueError(f"{error.what} ({error.hint})") from None

    return AfterValidator(check)


_Loss = Annotated[str, _declared(LOSS)]
_Optimizer = Annotated[str, _declared(OPTIMIZER)]
_Schedule = Annotated[str, _declared(SCHEDULE)]


class Learning(_LessonPart):
    """The task of the learning panel: to learn from the present weights of all nodes that the last one needs.

    target: numbers (H, W) of one channel, a picture, or a teacher. steps: for classes, passes over all pictures.
    batch: for classes. The others are as in `learn`.
    """

    target: Target
    loss: _Loss = "mse"
    optimizer: _Optimizer = "sgd"
    lr: Annotated[float, Field(gt=0)]
    steps: Annotated[int, Field(ge=1)]
    schedule: _Schedule = "constant"
    crop: Annotated[int, Field(ge=1)] | None = None
    batch: Annotated[int, Field(ge=1)] = 32


class LessonStep(_LessonPart):
    """One page of a lesson. pipeline, picture: None keeps those of the step before. predict: asked before the text.

    select: the node whose settings are shown. pin: (node, channel, row, column). For the wall: mode, colormap, crop
    of the picture (top, left, height, width; above and left of 0 lies padding), and hide, the nodes whose maps are
    left out. tab: the name of a tab of the window. level: of the explanation. learn: the settings of the learning
    panel.
    """

    text: LessonWords
    predict: Prediction | None = None
    pipeline: LessonSource | None = None
    picture: PictureSource | None = None
    select: str = ""
    pin: tuple[str, Index, Index, Index] | None = None
    mode: Literal["overview", "side", "single", ""] = ""
    colormap: Literal["gray", ""] = ""
    part: tuple[int, int, Size, Size] | None = None
    hide: list[str] = []
    tab: str = ""
    level: Literal["overview", "unit", "window", "regions", ""] = ""
    learn: Learning | None = None
    question: Question | None = None
    facts: list[Claim] = []

    @property
    def claims(self) -> list[Claim]:
        """All facts that the step states, with the one that it asks for."""
        predict = self.predict
        if predict is None:
            return self.facts
        asked = predict.choices[predict.right].fact if predict.choices else predict.fact
        return self.facts if asked is None else [*self.facts, asked]

    @property
    def untrue(self) -> list[Claim]:
        """What the wrong choices of the prediction say: were it true, there would be two right answers."""
        if self.predict is None:
            return []
        return [choice.fact for i, choice in enumerate(self.predict.choices) if i != self.predict.right]


class Lesson(_LessonPart):
    """Steps to be read one after the other. rows: the numbers of the topics that it covers.

    name: of the file, without number and suffix.
    """

    format: Literal["filterlab-lesson/1"]
    rows: Annotated[list[int], Field(min_length=1)]
    title: LessonWords
    about: LessonWords
    steps: Annotated[list[LessonStep], Field(min_length=1)]
    name: str = ""


def lessons() -> list[Lesson]:
    """All lessons that come with the program, in the order of their file names."""
    return [read_lesson(path) for path in sorted(resource("lessons").glob("*.json"))]


def read_lesson(path: Path) -> Lesson:
    """The lesson of a file. Raises FileError that says what is wrong, and where in the file."""
    try:
        content = path.read_bytes()
    except OSError as error:
        what, hint = refusal(error)
        raise FileError(say("it cannot be read: {}", what), str(path), hint) from None
    try:
        lesson = Lesson.model_validate_json(content)
    except ValidationError as error:
        raise _in_words(error, path) from None
    # The number in front only puts the files in order, and changes when a lesson is put between two others.
    return lesson.model_copy(update={"name": path.stem.lstrip("0123456789-")})


def _in_words(error: ValidationError, path: Path) -> FileError:
    """The first of the errors, with its place, as "steps, 2, text, zh_CN" (counted from 0)."""
    # One at a time: in a union of targets the later errors are mostly consequences of the first.
    first = error.errors(include_url=False)[0]
    place = ", ".join(str(key) for key in first["loc"])
    where = f"{path}, {place}" if place else str(path)
    return FileError(
        say("it is not a lesson: {}", first["msg"]), where, "the lessons in resources/lessons are examples"
    )
