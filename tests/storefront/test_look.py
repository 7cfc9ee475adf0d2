"""The look: colours that can be read, few bytes, nothing from elsewhere, nothing that the security policy refuses."""

import re
from pathlib import Path

import pytest

from storefront.templatetags.icons import ICON_PATHS
from tests.source import ROOT, shown, text
from tests.storefront.conftest import PAGE_BYTES_MAX

STATIC = ROOT / "storefront" / "static" / "storefront"
TEMPLATES = ROOT / "storefront" / "templates"
CSS = text(STATIC / "market.css")
STALL_CSS = text(STATIC / "stall.css")
"""What only the pages of the stall sale add to it."""

INK_CONTRAST_MIN = 7.0
TEXT_CONTRAST_MIN = 4.5
EDGE_CONTRAST_MIN = 3.0
CSS_BYTES_MAX = 21_000
STALL_CSS_BYTES_MAX = 3_000
FONT_BYTES_MAX = 12_000
SCRIPTS_BYTES_MAX = 10_500
FIRST_LOAD_BYTES_MAX = 60_000

TOKEN = re.compile(r"--([a-z-]+):\s*(#[0-9A-Fa-f]{3,6})\b")
ADDRESS = re.compile(r"url\(\s*[\"']?([^\"')]+)")
INLINE = re.compile(r"\sstyle\s*=|<style\b|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)
ICON_TAG = re.compile(r"{%\s*icon\s+[\"']([^\"']+)[\"']")
ICON_GIVEN = re.compile(r"\bsign=[\"']([^\"']+)[\"']")
STATIC_TAG = re.compile(r"{%\s*static\s+[\"']([^\"']+)[\"']")

CLASSES = re.compile(r"class=\"([^\"]*)\"")
DECIDED_LATER = re.compile(r"{[{%].*?[%}]}")
STYLED = set(re.findall(r"\.([a-z][\w-]*)", CSS + STALL_CSS))

Colours = dict[str, str]


def schemes() -> dict[str, Colours]:
    """The colour tokens of the light scheme, and of the dark one that overrides them."""
    light, dark = CSS.split("@media (prefers-color-scheme: dark)", 1)
    day = dict(TOKEN.findall(light))
    return {"light": day, "dark": day | dict(TOKEN.findall(dark.split("/* 2.", 1)[0]))}


def luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio of two colours."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def hard_to_read(colours: Colours, *, fronts: str, backs: str, least: float) -> list[str]:
    return [
        f"{front} on {back}: {ratio:.2f}"
        for front in fronts.split()
        for back in backs.split()
        if (ratio := contrast(colours[front], colours[back])) < least
    ]


def templates() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def inline_code(source: str) -> list[str]:
    return [found.group().strip() for found in INLINE.finditer(source)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_read_by_tired_eyes_in_both_schemes(scheme: str) -> None:
    colours = schemes()[scheme]
    softs = "indigo-soft leaf-soft amber-soft lacquer-soft"

    assert hard_to_read(colours, fronts="ink", backs=f"paper card {softs}", least=INK_CONTRAST_MIN) == []
    assert hard_to_read(colours, fronts="muted", backs="paper card", least=TEXT_CONTRAST_MIN) == []
    assert (
        hard_to_read(colours, fronts="indigo lacquer leaf amber", backs="paper card", least=TEXT_CONTRAST_MIN) == []
    )
    assert hard_to_read(colours, fronts="on-indigo", backs="indigo", least=TEXT_CONTRAST_MIN) == []
    assert hard_to_read(colours, fronts="edge", backs="paper card", least=EDGE_CONTRAST_MIN) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("tone", ["indigo", "leaf", "amber", "lacquer"])
def test_a_tone_is_read_on_its_own_soft_ground(scheme: str, tone: str) -> None:
    assert hard_to_read(schemes()[scheme], fronts=tone, backs=f"{tone}-soft", least=TEXT_CONTRAST_MIN) == []


def test_control_contrast_is_counted_as_wcag_counts_it() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert hard_to_read({"a": "#777777", "b": "#FFFFFF"}, fronts="a", backs="b", least=4.5) == ["a on b: 4.48"]


def test_the_dark_scheme_changes_every_colour_but_what_it_writes_on_indigo_with() -> None:
    both = schemes()

    assert [name for name, colour in both["light"].items() if both["dark"][name] == colour] == []


def scripts_of(template: Path) -> int:
    """How many bytes of scripts one page links."""
    linked = [name for name in STATIC_TAG.findall(text(template)) if name.endswith(".js")]
    return sum((STATIC.parent / name).stat().st_size for name in set(linked))


def test_the_first_load_of_the_largest_page_stays_within_sixty_thousand_bytes() -> None:
    fonts = sum(path.stat().st_size for path in STATIC.rglob("*.woff2"))
    scripts = max(scripts_of(path) for path in templates())
    drawings = sum(path.stat().st_size for path in STATIC.glob("*.svg"))
    style = len(CSS.encode())

    assert style <= CSS_BYTES_MAX
    assert fonts <= FONT_BYTES_MAX
    assert scripts <= SCRIPTS_BYTES_MAX
    assert style + fonts + scripts + drawings + PAGE_BYTES_MAX <= FIRST_LOAD_BYTES_MAX


def test_the_stalls_style_is_small_and_takes_its_colours_from_the_markets_tokens() -> None:
    assert {path.name for path in STATIC.glob("*.css")} == {"market.css", "stall.css"}
    assert len(STALL_CSS.encode()) <= STALL_CSS_BYTES_MAX
    assert re.findall(r"#[0-9A-Fa-f]{3,8}\b|rgb|hsl|url\(|@import", STALL_CSS) == []
    assert set(re.findall(r"var\(--([a-z-]+)\)", STALL_CSS)) <= set(re.findall(r"--([a-z-]+):", CSS))
    assert STALL_CSS.count("{") == STALL_CSS.count("}")


def test_only_the_stalls_pages_ask_for_its_style() -> None:
    asking = {path.name for path in templates() if "storefront/stall.css" in text(path)}

    assert asking == {"stall.html", "stall_sale.html"}


def test_every_block_of_the_style_is_closed_before_the_next_part_begins() -> None:
    # One brace that is missing, and a whole part holds on paper only; no browser says a word.
    open_blocks = [part.count("{") - part.count("}") for part in re.split(r"^(?=/\* )", CSS, flags=re.MULTILINE)]

    assert set(open_blocks) == {0}


def test_the_style_fetches_only_files_of_its_own_that_are_there() -> None:
    addresses = ADDRESS.findall(CSS)

    assert addresses == ["fonts/be-vietnam-pro-bold.woff2", "band.svg"]
    assert [address for address in addresses if not (STATIC / address).is_file()] == []
    assert "@import" not in CSS


def test_the_font_travels_with_its_licence() -> None:
    assert "SIL OPEN FONT LICENSE" in text(STATIC / "fonts" / "OFL.txt")


def test_scripts_and_drawings_name_no_other_host() -> None:
    sources = [*STATIC.glob("*.js"), *STATIC.glob("*.svg")]

    found = [
        f"{path.name}: {address}"
        for path in sources
        for address in re.findall(r"(?:https?:)?//[a-z][\w.-]+\.[a-z]{2,}[^\s\"']*", text(path))
        if address != "http://www.w3.org/2000/svg"
    ]

    assert found == []


def test_templates_carry_no_style_and_no_script_of_their_own() -> None:
    assert {shown(path): inline_code(text(path)) for path in templates() if inline_code(text(path))} == {}


@pytest.mark.parametrize(
    "source",
    ['<p style="color:red">', "<style>p{}</style>", "<script>go()</script>", '<a onclick="go()">', "javascript:go()"],
)
def test_control_a_style_or_script_in_a_page_is_found(source: str) -> None:
    assert len(inline_code(source)) == 1


def test_control_a_script_with_an_address_is_allowed() -> None:
    assert inline_code('<script defer src="/static/live.js"></script><p class="stylish" data-on="x">') == []


def unstyled(source: str) -> set[str]:
    written = (DECIDED_LATER.sub(" ", names).split() for names in CLASSES.findall(source))
    return {name for names in written for name in names} - STYLED


def test_every_class_that_a_template_names_is_in_the_style() -> None:
    assert {shown(path): unstyled(text(path)) for path in templates() if unstyled(text(path))} == {}


def test_control_a_misspelt_class_is_found() -> None:
    assert unstyled('<p class="card {{ tone }} buton {% if x %}leaf{% endif %}">') == {"buton"}


def test_every_icon_that_a_template_asks_for_is_drawn() -> None:
    asked = {name for path in templates() for name in ICON_TAG.findall(text(path)) + ICON_GIVEN.findall(text(path))}

    assert asked - set(ICON_PATHS) == set()


def test_every_file_that_a_template_links_is_there() -> None:
    linked = {name for path in templates() for name in STATIC_TAG.findall(text(path))}

    assert [name for name in sorted(linked) if not (STATIC.parent / name).is_file()] == []
    assert "storefront/market.css" in linked


def test_whoever_asks_for_less_motion_gets_none() -> None:
    before, _, after = CSS.partition("@media (prefers-reduced-motion: no-preference)")

    assert "animation" not in before
    assert "transition" not in before + after
