"""Both languages: every text is translated, with the same fields, and the window speaks the chosen one."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QTabWidget

import filterlab
from filterlab.gui.bench.workbench import Workbench
from filterlab.gui.wall.facts import facts
from filterlab.gui.window import MainWindow
from filterlab.gui.words import language
from filterlab.gui.words.i18n import CONTEXT, tr
from filterlab.gui.words.wording import error_words, first_sentence
from filterlab.kernels import designs
from filterlab.layers import layer_types
from filterlab.text.messages import say

GUI = Path(filterlab.__file__).parent / "gui"
CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile("[A-Za-z]{2,}[ ;]+[A-Za-z]{2,}")  # two words in a row
SHOWN_BY = {
    "setText",
    "setToolTip",
    "setStatusTip",
    "setWindowTitle",
    "setAccessibleName",
    "setAccessibleDescription",
    "setPlaceholderText",
    "setTitle",
    "setInformativeText",
    "addTab",
    "setTabText",
    "QLabel",
    "QPushButton",
    "QCheckBox",
    "QGroupBox",
    "QRadioButton",
    "QDockWidget",
}


def load_tool():
    """The script that keeps the files and the program together."""
    path = Path(__file__).parents[1] / "tools" / "translations.py"
    spec = importlib.util.spec_from_file_location("translations_tool", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = load_tool()


@pytest.fixture(scope="module")
def texts():
    return TOOL.messages()


@pytest.fixture(scope="module", params=TOOL.LANGUAGES)
def translations(request):
    return TOOL.read(TOOL.FOLDER / f"filterlab_{request.param}.ts")


@pytest.fixture
def chinese(qapp):
    """Simplified Chinese for one test."""
    language.install("zh_CN")
    yield
    language.install("en")


def fields(text):
    """{count}, {n:g}, {0}: what is filled in."""
    return sorted(re.findall(r"\{\w+(?:[!:][^{}]*)?\}", text))


def test_every_text_is_translated(texts, translations):
    missing = sorted(text for text in texts if not translations.get(text))
    assert not missing, "run `make translations` and translate them in resources/translations"


def test_options_outside_of_layers_are_looked_up(texts):
    assert texts >= {"total variation", "The scene is black beyond the border", "Output channels"}


def test_no_translation_is_left_over(texts, translations):
    assert not sorted(set(translations) - texts), "run `make translations`"


def unfillable(source):
    """The f-strings of two words or more in the errors and templates of a source: no translation can be looked up."""
    for name, call in TOOL._calls(ast.parse(source)):
        if name in TOOL._ERRORS | set(TOOL._SENTENCES) or name in ("append", "Reading"):
            for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
                for node in (argument, *getattr(argument, "elts", ()), *getattr(argument, "values", ())):
                    if isinstance(node, ast.JoinedStr):
                        parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
                        words = re.findall("[A-Za-z]{2,}", " ".join(parts))
                        if len(words) >= 2 and (name != "append" or "remarks" in ast.unparse(call.func)):
                            yield ast.unparse(node)


def test_messages_are_templates_and_not_filled_in_before():
    package = GUI.parent
    sources = [path for path in package.rglob("*.py") if path.relative_to(package).parts[0] != "cli"]
    found = {str(path): list(unfillable(path.read_text(encoding="utf-8"))) for path in sources}
    assert not {path: texts for path, texts in found.items() if texts}


def test_a_message_that_is_filled_in_before_is_found():
    for call in ("broken", "unsupported", "Flaw", "ImageError", "found.remarks.append"):
        assert list(unfillable(f"{call}(f'its tag {{code}} is negative')"))
        assert not list(unfillable(f"{call}(say('its tag {{}} is negative', code))"))


def test_fields_are_the_same(translations):
    wrong = [text for text, words in translations.items() if words and fields(words) != fields(text)]
    assert not wrong


def test_compiled_files_hold_what_the_sources_say(qapp, translations):
    translator = QTranslator()
    assert translator.load(str(TOOL.FOLDER / "filterlab_zh_CN.qm"))
    stale = [
        text for text, words in translations.items() if words and translator.translate(CONTEXT, text) != words
    ]
    assert not stale, "run `make translations`"


def test_writing_and_reading_a_file_gives_the_same(tmp_path):
    held = {"a < b & c": "甲 <乙> & 丙", "two\nlines": "两\n行", "missing": ""}
    TOOL.write(tmp_path / "some.ts", held, "zh_CN")
    assert TOOL.read(tmp_path / "some.ts") == held


# -- choosing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "spoken"),
    [
        (["zh-Hans-CN", "en"], "zh_CN"),
        (["zh-CN"], "zh_CN"),
        (["en-GB", "zh-CN"], "en"),
        (["de-DE", "zh-CN"], "zh_CN"),
        (["de-DE", "fr"], "en"),
        (["C"], "en"),
        ([], "en"),
    ],
)
def test_the_system_language(monkeypatch, names, spoken):
    monkeypatch.setattr(QLocale, "uiLanguages", lambda self: names)
    assert language.spoken("system") == spoken


def test_an_unknown_choice_is_english():
    assert language.spoken("tlh") == "en"


def test_installing_twice_and_going_back(qapp):
    assert tr("Lessons") == "Lessons"
    for _ in range(2):
        language.install("zh_CN")
        assert language.current() == "zh_CN"
        assert tr("Lessons") == "课程"
    language.install("en")
    assert language.current() == "en"
    assert tr("Lessons") == "Lessons"


def test_qts_own_words_are_translated_too(chinese, qapp):
    assert CHINESE.search(qapp.translate("QPlatformTheme", "Cancel"))


# -- speaking ----------------------------------------------------------------------------------------------


@pytest.fixture
def window(qapp, tmp_path):
    """A window over settings that ask for Chinese."""
    first = Workbench(tmp_path)
    first.settings.setValue("language", "zh_CN")
    first.settings.sync()
    first.close()
    first.deleteLater()
    bench = Workbench(tmp_path)
    made = MainWindow(bench)
    yield made
    bench.close()
    made.deleteLater()
    language.install("en")


def test_the_window_starts_in_chinese(window):
    tabs = window.findChild(QTabWidget)
    assert tabs.tabText(0) == "解释"
    assert all(
        CHINESE.search(command.action.text()) for command in window.bench.commands if _has_words(command)
    )
    assert window.bench.commands.action("file.open").iconText() == "打开"
    assert CHINESE.search(window.windowTitle())


def test_access_keys_of_the_menus_differ(window):
    titles = [action.text() for action in window.menuBar().actions()]
    keys = [re.search("&(.)", title)[1] for title in titles]
    assert len(set(keys)) == len(keys), titles


def _has_words(command):
    """Commands that are called by a name are called so everywhere."""
    return not command.name.startswith(("view.language_en", "view.colormap", "view.zoom_"))


def test_every_layer_has_a_chinese_name_and_sentence(chinese):
    # Names of functions, as ReLU, are the same in every language; their sentences may be formulas.
    titles = {kind.key: tr(kind.title) for kind in layer_types().values()}
    assert titles["conv2d"] == "卷积层"
    assert titles["max_pool2d"] == "最大汇聚"
    assert CHINESE.search(first_sentence(layer_types()["conv2d"].__doc__))


def test_errors_of_the_engine_are_chinese(chinese):
    with pytest.raises(filterlab.FilterLabError) as caught:
        filterlab.Conv2d([[[[1]]]], bias=[1, 2])
    assert error_words(caught.value) == "偏置有 2 个数，而输出通道有 1 个 — 为每个给出一个数"


@pytest.mark.parametrize("key", layer_types())
def test_legal_values_are_told_in_chinese(chinese, key):
    for parameter in layer_types()[key].declarations():
        words = tr(parameter.kind.legal())
        assert CHINESE.search(words), words
        assert not ENGLISH.search(words), words


@pytest.mark.parametrize("name", designs())
def test_legal_values_of_kernels_are_told_in_chinese(chinese, name):
    for parameter in designs()[name].parameters:
        words = tr(parameter.kind.legal())
        assert CHINESE.search(words), words
        assert not ENGLISH.search(words), words


def test_sentences_within_sentences_and_lists_are_translated(chinese):
    assert (
        tr(say("it must be {}", say("a whole number, {}", say("{:g} to {:g}", 3, 9)))) == "必须是整数，3 到 9"
    )
    with pytest.raises(filterlab.FilterLabError) as caught:
        filterlab.MaxPool2d(0)
    assert error_words(caught.value) == "核大小 是 0 — 必须是整数或（高，宽），至少 1"


def test_headers_are_chinese(chinese):
    layer = filterlab.MaxPool2d(3, stride=2, padding=1)
    assert facts(layer) == "最大汇聚 3×3 · 步幅 2 · 填充 1"


def test_what_has_no_translation_stays_as_it_is(chinese):
    assert tr("my own node") == "my own node"
    assert tr("{count} terms", count=3) == "3 项"


def test_choosing_a_language_is_kept_and_said(window, qtbot):
    with qtbot.waitSignal(window.language_changed):
        window.bench.commands.action("view.language_en").trigger()
    assert window.bench.settings.value("language") == "en"
    assert window.bench.commands.action("view.language_en").isChecked()
    assert not window.bench.commands.action("view.language_zh_CN").isChecked()
    with qtbot.assertNotEmitted(window.language_changed):
        window.bench.commands.action("view.language_zh_CN").trigger()


def test_lessons_are_told_in_chinese(window, qtbot):
    window.lessons.play("stride")
    qtbot.waitUntil(lambda: not window.bench.background.busy and not window.bench.results.busy)
    assert window.lessons.page.title.text() == "步幅"
    assert "步幅 2" in window.lessons.page.text.text()
    assert window.bench.document.history.labels[-1] == "课程“步幅”，第 1 步"


def test_no_font_is_named_so_that_the_system_finds_one_with_the_signs(window, qapp):
    assert qapp.styleSheet()
    assert "font-family" not in qapp.styleSheet()


# -- nothing beside the translations -----------------------------------------------------------------------


def shown_literals(path):
    """(line, text) of constant words that are handed to a widget as they stand."""
    for node in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", getattr(node.func, "attr", "")) in SHOWN_BY
        ):
            for argument in node.args:
                for part in ast.walk(argument) if not isinstance(argument, ast.Call) else ():
                    if (
                        isinstance(part, ast.Constant)
                        and isinstance(part.value, str)
                        and not _in_call(argument, part)
                    ):
                        yield node.lineno, part.value


def _in_call(argument, part):
    """Whether a constant belongs to a call within the argument, as the text of `tr`."""
    calls = [node for node in ast.walk(argument) if isinstance(node, ast.Call)]
    return any(part in ast.walk(call) for call in calls)


@pytest.mark.parametrize("path", sorted(GUI.rglob("*.py")), ids=lambda path: str(path.relative_to(GUI)))
def test_no_widget_is_given_words_without_translation(path):
    words = [
        (line, text) for line, text in shown_literals(path) if re.search("[A-Za-z]{3}", _without_markup(text))
    ]
    assert not words


def _without_markup(text):
    return re.sub(r"</?[a-z]+[^>]*>|&[a-z]+;|FilterLab", "", text)
