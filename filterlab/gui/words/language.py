"""The language of the window: Qt's texts and ours, from compiled translation files."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from filterlab.resources import resource

CHOICES = ("system", "en", "zh_CN")
LANGUAGE_NAMES = {"en": "English", "zh_CN": "简体中文"}  # not translated: one must find one's own language
_MARK = "filterlab-translator"


def spoken(choice: str) -> str:
    """The language that a choice stands for, "en" or "zh_CN". "system": the first of the system's that we have."""
    if choice != "system":
        return choice if choice in CHOICES else "en"
    for name in QLocale.system().uiLanguages():
        if name.startswith("zh"):
            return "zh_CN"
        if name.startswith(("en", "C")):
            return "en"
    return "en"


def current() -> str:
    """The language in force: "en" or "zh_CN"."""
    return "zh_CN" if _installed() else "en"


def install(choice: str) -> None:
    """Translate into the language of `choice` from now on. Widgets that exist already keep their texts."""
    application = QCoreApplication.instance()
    assert application is not None, "a language needs an application"
    if spoken(choice) == current():
        return
    for translator in _installed():
        application.removeTranslator(translator)
        translator.setParent(None)  # `deleteLater` comes later, and until then `_installed` would find it
        translator.deleteLater()
    if spoken(choice) != "en":
        own = resource("translations", f"filterlab_{spoken(choice)}.qm")
        qt = f"{QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)}/qtbase_{spoken(choice)}.qm"
        for path in (qt, str(own)):
            translator = QTranslator(application)
            translator.setObjectName(_MARK)
            translator.load(
                path
            )  # not every package of Qt has its file; without it Qt's own texts stay English
            application.installTranslator(translator)


def _installed() -> list[QTranslator]:
    application = QCoreApplication.instance()
    return application.findChildren(QTranslator, _MARK) if application is not None else []
