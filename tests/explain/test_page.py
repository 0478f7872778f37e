"""Pages: what they hold is what the program computes, and what has no room is named."""

from __future__ import annotations

import base64
import json
import re
import shutil

import numpy as np
import pytest

import filterlab as fl
from filterlab.explain.page import MOST_BYTES, document
from filterlab.resources import examples, samples


@pytest.fixture(scope="module")
def coins():
    return fl.read_image(samples()["coins"])


@pytest.fixture(scope="module")
def denoiser():
    return fl.Pipeline.load(examples()["denoiser"])


def data(page):
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.html, re.DOTALL)
    return json.loads(found[1])


def array(packed):
    kinds = {"f4": "<f4", "f8": "<f8", "i4": "<i4"}
    return np.frombuffer(base64.b64decode(packed["bytes"]), kinds[packed["kind"]])


def test_the_pinned_value_and_64_around_it_are_those_of_the_map(denoiser, coins):
    found = data(denoiser.page(coins, "noise", 0, 100, 200))
    made = denoiser.run(coins, "noise")["noise"]
    assert len(found["places"]) == 65
    assert (found["places"][0]["row"], found["places"][0]["col"]) == (100, 200)
    for place in found["places"]:
        assert place["value"] == made[0, place["row"], place["col"]]


def test_the_terms_are_those_of_the_explanation(denoiser, coins):
    found = data(denoiser.page(coins, "noise", 0, 100, 200))
    place = found["places"][7]
    expected = denoiser.explain(coins, "noise", 0, place["row"], place["col"])
    values = array(found["terms"]["value"])[place["start"] : place["start"] + place["count"]]
    np.testing.assert_array_equal(values, [term.value for term in expected.terms])
    assert found["sharedWeights"]
    np.testing.assert_array_equal(array(found["terms"]["weight"]), [term.weight for term in expected.terms])
    assert place["bias"] == expected.bias


def test_the_numbers_of_the_picture_are_those_that_the_places_see(denoiser, coins):
    picture = data(denoiser.page(coins, "noise", 0, 0, 0))["picture"]
    part = picture["numbers"]
    seen = coins[:, part["top"] : part["top"] + part["rows"], part["left"] : part["left"] + part["columns"]]
    np.testing.assert_array_equal(array(picture["values"]).reshape(seen.shape), seen)
    assert (part["top"], part["left"]) == (0, 0)


def test_a_large_picture_is_embedded_in_part(denoiser, coins):
    large = np.random.default_rng(0).random((1, 1200, 1300), np.float32)
    page = denoiser.page(large, "noise", 0, 600, 700)
    picture = data(page)["picture"]
    assert not picture["whole"]
    assert picture["rows"] < 40
    assert len(page.html.encode()) <= MOST_BYTES


def test_what_has_no_room_is_named_the_farthest_first(denoiser, coins, monkeypatch):
    whole = denoiser.page(coins, "noise", 0, 100, 200)
    assert whole.left_out == ()
    monkeypatch.setattr(document, "MOST_BYTES", 330_000)
    page = denoiser.page(coins, "noise", 0, 100, 200)
    assert len(page.html.encode()) <= 330_000
    assert page.left_out[0]["en"].startswith("conv1 [")
    assert [text["en"] for text in data(page)["leftOut"]] == [text["en"] for text in page.left_out]


def test_maps_are_left_out_of_the_page_of_a_single_value_too(coins, monkeypatch):
    pipe = fl.Pipeline([("small", fl.AdaptiveAvgPool2d(60)), ("a", fl.Abs()), ("mean", fl.GlobalAvgPool2d())])
    whole = pipe.page(coins, "mean", 0)
    assert len(data(whole)["places"]) == 1
    assert whole.left_out == ()
    # The reserve for script and style is some kilobytes more than these take.
    monkeypatch.setattr(document, "MOST_BYTES", len(whole.html) + 8_000)
    assert [text["en"] for text in pipe.page(coins, "mean", 0).left_out] == ["small [0]"]


def test_a_value_whose_sum_has_no_room_has_no_page(coins, monkeypatch):
    pipe = fl.Pipeline([("small", fl.AdaptiveAvgPool2d(60)), ("mean", fl.GlobalAvgPool2d())])
    monkeypatch.setattr(document, "MOST_BYTES", 200_000)
    with pytest.raises(fl.FilterLabError, match="its sum of 3,600 terms has no room in a page"):
        pipe.page(coins, "mean", 0)


@pytest.mark.parametrize(
    ("name", "node", "place"),
    [
        ("pooling-comparison", "adaptive", (0, 20, 20)),
        ("edges", "edges", (0, 5, 6)),
        ("edges", "image", (1, 2, 3)),
    ],
)
def test_any_kind_of_layer_has_a_page(name, node, place):
    picture = fl.read_image(samples()["coffee"])
    found = data(fl.Pipeline.load(examples()[name]).page(picture, node, *place))
    assert found["places"][0]["row"] == place[1]


def test_scores_and_values_that_are_not_finite():
    pipe = fl.Pipeline([("log", fl.layers.Function("log")), ("flat", fl.Flatten())])
    page = pipe.page(np.zeros((1, 3, 4), np.float32), "flat", 2)
    assert data(page)["places"][0]["value"] == {"number": "-inf"}


def test_names_cannot_end_the_script(tmp_path):
    pipe = fl.Pipeline([("a", fl.ReLU())])
    nasty = "</script><script>alert(1)</script>{script}"
    page = pipe.page(np.ones((1, 2, 2), np.float32), "a", 0, picture=nasty, title=nasty)
    assert page.html.count("</script>") == 2
    assert page.html.count("alert(1)") == 2  # escaped in the title, and as data
    assert "&lt;/script&gt;" in page.html


def test_it_asks_nobody_for_anything(denoiser, coins):
    html = denoiser.page(coins, "noise", 0, 3, 3).html
    assert "default-src 'none'" in html
    assert not re.search(r"https?://|@import|\bfetch\(|XMLHttpRequest|url\(", html)


def test_files_are_not_replaced_unasked(denoiser, coins, tmp_path):
    page = denoiser.page(coins, "noise", 0, 3, 3, language="zh_CN", theme="dark")
    page.write(tmp_path / "a.html")
    assert (
        (tmp_path / "a.html")
        .read_text(encoding="utf-8")
        .startswith('<!doctype html>\n<html lang="zh_CN" data-theme="dark">')
    )
    with pytest.raises(fl.FilterLabError, match="exists"):
        page.write(tmp_path / "a.html")


def test_wrong_places_and_languages_are_refused(denoiser, coins):
    with pytest.raises(fl.FilterLabError, match="row"):
        denoiser.page(coins, "noise", 0, 3000, 3)
    with pytest.raises(fl.FilterLabError, match="zh_CN"):
        denoiser.page(coins, "noise", 0, 3, 3, language="fr")


# -- in a browser -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser():
    """Chromium without a screen, which keeps a record of all requests."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1366,900"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    yield driver
    driver.quit()


def number(text):
    return float(text.replace("−", "-"))


@pytest.mark.soak
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(
    ("name", "node", "place"),
    [
        ("denoiser", "noise", (0, 100, 200)),
        ("tiny-vgg-like", "conv2", (3, 20, 20)),
        ("pooling-comparison", "max", (0, 5, 6)),
    ],
)
def test_in_chromium_by_mouse_and_keys(browser, tmp_path, language, name, node, place):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    pipe = fl.Pipeline.load(examples()[name])
    picture = fl.read_image(samples()["coins" if name == "denoiser" else "coffee"])
    node = node if node in pipe else next(n.name for n in pipe.nodes if "conv" in n.name or "pool" in n.name)
    pipe.page(picture, node, *place, language=language).write(tmp_path / "page.html")
    browser.get_log("performance")
    browser.get((tmp_path / "page.html").as_uri())
    made = pipe.run(picture, node)[node][place[0]]

    def shown():
        text = browser.find_element(By.ID, "value").text
        where = json.loads(text[text.index("[") : text.index("]") + 1])
        assert np.float32(number(text.split(" = ")[1])) == made[where[1], where[2]]
        return tuple(where)

    assert shown() == place
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.ARROW_DOWN)
    assert shown() == (place[0], place[1] + 1, place[2])
    browser.find_element(By.CSS_SELECTOR, f'[data-place="{place[1]},{place[2] - 1}"]').click()
    assert shown() == (place[0], place[1], place[2] - 1)
    for level in range(3):
        browser.find_element(By.ID, f"level-{level}").click()
        assert shown() == (place[0], place[1], place[2] - 1)
    expected = pipe.explain(picture, node, place[0], place[1], place[2] - 1)
    if expected.rule == "sum":
        browser.find_element(By.ID, "level-1").click()
        rows = browser.find_elements(By.CSS_SELECTOR, "#level table tr td:last-child")
        amounts = [number(row.text) for row in rows]
        np.testing.assert_allclose(amounts, [part.value for part in expected.parts], rtol=1e-8, atol=1e-12)
    browser.find_element(By.ID, "language").click()
    browser.find_element(By.ID, "theme").click()
    assert shown() == (place[0], place[1], place[2] - 1)
    assert not browser.get_log("browser")
    urls = re.findall(
        r'"url":"([^"]+)"', "".join(entry["message"] for entry in browser.get_log("performance"))
    )
    assert {url.split(":")[0] for url in urls} <= {"file", "data", "about", "chrome"}
