"""The vocabulary of the pictures: objects, drawing styles, colours, and how an icon is named in the vector packages."""
from typing import NamedTuple


class Concept(NamedTuple):
    """An object: its caption noun, and the name its icon has in both vector packages."""

    noun: str
    icon: str


# noun or noun=icon; an underscore in a noun is a space
_CONCEPTS = """
cat=cat-face dog=dog-face fox bear panda koala tiger=tiger-face lion cow=cow-face pig=pig-face frog monkey=monkey-face
rabbit=rabbit-face mouse=mouse-face penguin owl duck chicken bee=honeybee butterfly ladybug=lady-beetle snail turtle
fish=tropical-fish whale=spouting-whale dolphin octopus crab elephant giraffe horse zebra unicorn dinosaur=sauropod
snake parrot
apple=red-apple green_apple=green-apple banana orange=tangerine lemon strawberry grapes watermelon cherries pineapple
pear peach carrot corn=ear-of-corn broccoli tomato eggplant mushroom bread cheese=cheese-wedge pizza hamburger
hot_dog=hot-dog taco donut=doughnut cookie birthday_cake=birthday-cake ice_cream=soft-ice-cream lollipop cupcake
coffee=hot-beverage beer=beer-mug wine=wine-glass
sun full_moon=full-moon crescent_moon=crescent-moon star cloud rainbow fire snowflake tree=deciduous-tree
pine_tree=evergreen-tree palm_tree=palm-tree cactus sunflower rose tulip cherry_blossom=cherry-blossom
maple_leaf=maple-leaf clover=four-leaf-clover volcano mountain=snow-capped-mountain
house castle tent church car=automobile bus taxi police_car=police-car fire_truck=fire-engine tractor bicycle
train=locomotive airplane helicopter rocket ufo=flying-saucer sailboat ship anchor balloon gift=wrapped-gift trophy
crown key guitar trumpet drum violin soccer_ball=soccer-ball basketball
robot ghost alien pumpkin=jack-o-lantern skull teddy_bear=teddy-bear umbrella bell candle hourglass=hourglass-done
books gem=gem-stone
red_heart=red-heart blue_heart=blue-heart green_heart=green-heart yellow_heart=yellow-heart purple_heart=purple-heart
red_circle=red-circle blue_circle=blue-circle green_circle=green-circle yellow_circle=yellow-circle
red_square=red-square blue_square=blue-square green_square=green-square yellow_square=yellow-square
"""


def _concept(word: str) -> Concept:
    noun, _, icon = word.partition("=")
    return Concept(noun.replace("_", " "), icon or noun)


# The order is part of the data: a scene's seed picks concepts by their place.
CONCEPTS: tuple[Concept, ...] = tuple(_concept(word) for word in _CONCEPTS.split())

# vector package (of the npm scope @iconify-json) -> what captions call its drawing style
STYLES: dict[str, str] = {"noto": "noto style", "fluent-emoji-flat": "fluent style"}

NOUNS: list[str] = [concept.noun for concept in CONCEPTS]
STYLE_NAMES: list[str] = list(STYLES.values())

COLOURS: dict[str, str] = {
    "red": "#d84343", "orange": "#f0913a", "yellow": "#f6d54a", "green": "#58b368", "teal": "#3ca6a6", "blue": "#4a83d8",
    "navy": "#25366e", "purple": "#8a5bc7", "pink": "#f2a3c0", "brown": "#8c6246", "gray": "#9aa0a6", "black": "#1e1e22",
    "white": "#f4f4f2",
}

EFFECTS: tuple[str, ...] = ("pixel art", "pencil sketch", "neon")
