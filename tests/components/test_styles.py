"""The style sheets and the sprite: complete, of our own host, and as legible as they claim."""

import re
from xml.etree import ElementTree as ET

import pytest

from app.components.assets import FOLDER, asset
from app.components.icons import SPRITE, icon, icon_names
from app.components.styles import STYLESHEETS
from app.simulator.frame import STYLES as SIMULATOR_STYLES

STYLES = FOLDER / "styles"
TOKENS = (STYLES / "tokens.css").read_text(encoding="utf-8")
TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})")

TEXT_ON = {
    "text": ("canvas", "panel", "sunken", "hover", "action-soft"),
    "text-muted": ("canvas", "panel", "sunken"),
    "link": ("canvas", "panel", "action-soft"),
    "danger-icon": ("panel", "canvas"),
    "success-text": ("success-bg",),
    "warning-text": ("warning-bg",),
    "danger-text": ("danger-bg",),
    "info-text": ("info-bg",),
    "danger-solid-text": ("danger-solid",),
    "seve-12": ("seve-2", "seve-3"),
    "seve-11": ("seve-3",),
}
DRAWN_ON = {
    "border-control": ("panel", "canvas"),
    "focus": ("panel", "canvas"),
    "danger-border": ("panel",),
    "chart-line": ("panel",),
    "chart-alert": ("panel", "sunken"),
    "unread": ("panel",),
    "seve-9": ("panel",),
}


def _block(start: str) -> dict[str, str]:
    begin = TOKENS.index(start)
    return dict(TOKEN.findall(TOKENS[begin : TOKENS.index("}", begin)]))


LIGHT = _block('[data-theme="light"]')
DARK = _block('\n  [data-theme="dark"]')
SYSTEM_DARK = _block(':root:not([data-theme="light"])')


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
class TestContrast:
    def test_text_reaches_4_5(self, theme):
        faint = {
            f"{ink} on {ground}": round(ratio, 2)
            for ink, grounds in TEXT_ON.items()
            for ground in grounds
            if (ratio := _contrast(theme[ink], theme[ground])) < 4.5
        }
        assert faint == {}

    def test_white_on_what_is_pressed_reaches_4_5(self, theme):
        assert _contrast("#ffffff", theme["action"]) >= 4.5
        assert _contrast("#ffffff", theme["action-hover"]) >= 4.5

    def test_controls_focus_and_curves_reach_3(self, theme):
        faint = {
            f"{line} on {ground}": round(ratio, 2)
            for line, grounds in DRAWN_ON.items()
            for ground in grounds
            if (ratio := _contrast(theme[line], theme[ground])) < 3
        }
        assert faint == {}


def test_dark_is_the_same_by_choice_and_by_system():
    assert DARK == SYSTEM_DARK
    assert DARK.keys() == LIGHT.keys()


def test_every_sheet_is_loaded_once():
    on_disk = {f"/styles/{sheet.name}" for sheet in STYLES.glob("*.css")}
    # The simulator is another service, with a sheet of its own beside those it borrows.
    its_own = {f"/styles/{name}.css" for name in SIMULATOR_STYLES} - set(STYLESHEETS)
    assert its_own == {"/styles/simulator.css"}
    assert sorted([*STYLESHEETS, *its_own]) == sorted(on_disk)


def test_S084_no_file_names_another_host():
    files = [*STYLES.glob("*.css"), *FOLDER.glob("*.js")]
    assert files
    for file in files:
        assert not re.search(r"https?://|//[a-z]", file.read_text(encoding="utf-8")), file.name


def test_every_token_used_is_defined():
    defined = set(re.findall(r"(--[\w-]+):", TOKENS))
    used = {
        name
        for sheet in STYLES.glob("*.css")
        for name in re.findall(r"var\((--[\w-]+)", sheet.read_text(encoding="utf-8"))
    }
    assert used - defined == set()


class TestSprite:
    def test_every_symbol_has_its_own_name(self):
        sprite = ET.parse(SPRITE)  # noqa: S314 - a file of ours
        ids = [symbol.get("id") for symbol in sprite.getroot()]
        assert len(ids) == len(set(ids)) > 50
        assert set(ids) == icon_names()

    def test_refuses_an_icon_that_is_not_drawn(self):
        with pytest.raises(AssertionError, match="no icon named"):
            icon("unicorn")

    def test_addresses_change_with_the_content(self):
        assert re.fullmatch(r"/icons\.svg\?v=[0-9a-f]{12}", asset("icons.svg"))
        assert asset("icons.svg") != asset("liane.js")
