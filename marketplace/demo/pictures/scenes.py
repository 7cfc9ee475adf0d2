"""Which drawing shows which product: first by a word of its name, else by its OCOP set."""

from __future__ import annotations

import re
from collections.abc import Callable

from marketplace.demo.pictures import crafts, food, garden, vessels
from marketplace.demo.pictures.canvas import CLAY, INDIGO, LACQUER, LEAF, MOSS, OCHRE, STRAW, WOOD, Canvas, Colour

Scene = Callable[[Canvas, Colour], None]

RICE: Colour = (240, 232, 212)
AMBER: Colour = (216, 142, 38)
TEA_GREEN: Colour = (94, 130, 62)
ROAST: Colour = (104, 68, 44)
PINK: Colour = (204, 62, 104)
SILVER: Colour = (136, 152, 160)
MEAT: Colour = (164, 66, 52)
PATE: Colour = (236, 196, 170)
WATER: Colour = (150, 192, 208)
TURMERIC: Colour = (226, 162, 42)

# Read from top to bottom: the first row with a word of the name decides.
BY_WORD: tuple[tuple[str, Scene, Colour], ...] = (
    ("rượu|tửu", vessels.wine_jar, (146, 98, 66)),
    ("farmstay|du lịch|homestay", crafts.hills, MOSS),
    ("lau sàn|dầu tràm|tinh dầu", vessels.oil_bottle, (128, 88, 44)),
    ("xà phòng|xà bông", vessels.soap, (214, 196, 150)),
    ("mật ong|bee", vessels.honey_jar, AMBER),
    ("nước mắm chay", vessels.bottle, (150, 92, 40)),
    ("nước mắm|mắm nhĩ", vessels.bottle, (148, 70, 28)),
    ("tương", vessels.bottle, LACQUER),
    ("dầu mè đen", vessels.bottle, (98, 66, 36)),
    ("dầu", vessels.bottle, (220, 170, 62)),
    ("yến", food.nests, (242, 228, 196)),
    ("trà gấc", garden.herbal_tea, (206, 92, 44)),
    ("trà gừng|hồng trà", garden.tea, (160, 84, 44)),
    ("bạch trà", garden.tea, (150, 160, 116)),
    ("mãng cầu|đẳng sâm|chè dây|trà rừng", garden.herbal_tea, (150, 132, 76)),
    ("trà|chè xanh|chè", garden.tea, TEA_GREEN),
    ("cà phê|coffee", garden.coffee, ROAST),
    ("bún cẩm", food.noodles, (136, 92, 118)),
    ("ngũ sắc", food.noodles, (232, 178, 96)),
    ("miến", food.noodles, (206, 186, 156)),
    ("bún|mỳ|mì|phở", food.noodles, (240, 226, 192)),
    ("bánh tráng", food.rice_paper, (236, 220, 184)),
    ("cơm cháy|khẩu sli", food.cakes, (226, 184, 110)),
    ("đậu xanh", food.cakes, (224, 190, 92)),
    ("ca cao", food.cakes, (132, 86, 60)),
    ("bánh|kẹo", food.cakes, (214, 158, 92)),
    ("lạp sườn|lạp xưởng", food.sausages, MEAT),
    ("khô|cá bò|cá đét|bò khô|bò tươi", food.dried_meat, (150, 70, 44)),
    ("chả cá|chả mực|chả bò|chả lụa|chả heo|chả|giò|tré", food.meat_roll, PATE),
    ("mắm|cá", food.fish, SILVER),
    ("gà", garden.hen, (190, 112, 58)),
    ("lạc|đậu phộng", food.beans, (186, 88, 62)),
    ("ngũ cốc", food.beans, (198, 150, 92)),
    ("gạo sạch|gạo|nếp", food.rice, RICE),
    ("tiêu", food.spice, (64, 54, 46)),
    ("nấm hương|linh chi", garden.mushrooms, (140, 92, 60)),
    ("nấm", garden.mushrooms, (196, 182, 162)),
    ("măng", garden.shoots, (150, 146, 78)),
    ("thanh long", garden.scaly_fruit, PINK),
    ("vải", garden.small_fruit, (196, 66, 60)),
    ("vú sữa", garden.large_fruit, (150, 118, 140)),
    ("dưa", garden.large_fruit, (196, 190, 130)),
    ("ổi", garden.large_fruit, (166, 190, 92)),
    ("bưởi", garden.large_fruit, (172, 186, 84)),
    ("rau", garden.greens, LEAF),
    ("nghệ", vessels.powder, TURMERIC),
    ("bột", vessels.powder, (232, 218, 186)),
    ("thạch", vessels.remedy, (60, 56, 54)),
    ("gấc", food.packed, (206, 82, 40)),
    ("siro", vessels.juice, (226, 176, 60)),
    ("tảo", vessels.powder, (58, 104, 76)),
    ("cao|sâm|hạ thảo", vessels.remedy, (150, 92, 48)),
    ("giỏ|đan|túi", crafts.woven_basket, STRAW),
    ("tranh", crafts.painting, (206, 178, 124)),
    ("đèn lồng", crafts.lantern, LACQUER),
    ("vòng", crafts.beads, (120, 78, 50)),
    ("dây chuyền", crafts.beads, (196, 200, 204)),
    ("chổi", crafts.broom, (212, 176, 108)),
    ("tượng", crafts.carving, WOOD),
    ("lược", crafts.comb, (186, 128, 78)),
)

BY_SET: dict[int, tuple[Scene, Colour]] = {
    1: (garden.greens, LEAF),
    2: (food.fish, SILVER),
    3: (food.rice, RICE),
    4: (vessels.honey_jar, AMBER),
    5: (food.cakes, OCHRE),
    6: (food.noodles, RICE),
    7: (food.packed, (198, 150, 92)),
    8: (food.dried_meat, MEAT),
    9: (vessels.bottle, (148, 70, 28)),
    10: (food.spice, (150, 60, 40)),
    11: (garden.tea, TEA_GREEN),
    12: (garden.herbal_tea, (150, 132, 76)),
    13: (garden.coffee, ROAST),
    14: (vessels.wine_jar, CLAY),
    15: (vessels.wine_jar, (130, 78, 62)),
    16: (vessels.water_bottle, WATER),
    17: (vessels.juice, (224, 160, 64)),
    18: (vessels.remedy, (150, 92, 48)),
    19: (vessels.soap, (222, 204, 168)),
    20: (vessels.oil_bottle, (128, 88, 44)),
    21: (crafts.woven_basket, STRAW),
    22: (crafts.cloth, OCHRE),
    23: (garden.flowers, PINK),
    24: (garden.pot_plant, LEAF),
    25: (garden.songbird, INDIGO),
    26: (crafts.hills, MOSS),
}

# A set that does not exist still gets a picture: a bag with a window suits anything.
ANY_SCENE: tuple[Scene, Colour] = (food.packed, STRAW)


def scene_for(*, name: str, set_no: int) -> tuple[Scene, Colour]:
    """Choose the drawing and its leading colour for a product's name and OCOP set."""
    words = name.lower()
    for pattern, scene, colour in BY_WORD:
        if re.search(rf"\b(?:{pattern})\b", words):
            return scene, colour
    return BY_SET.get(set_no, ANY_SCENE)
