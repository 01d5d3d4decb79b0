"""The matching model as a page for people who have never heard of it."""

from __future__ import annotations

from scvgraph.matching.comparisons import NOT_IN_DATA, NOT_IN_MODEL, OFF
from scvgraph.matching.scoring import JOINS
from scvgraph.report.charts import Scale, bar, curve, waterfall
from scvgraph.report.markup import Markup, element, joined, table
from scvgraph.report.model import Level, ShownModel, Trait, probability
from scvgraph.report.page import card, page, section

AGREEING = 3  # traits of the example


def model_page(model: ShownModel, title: str) -> str:
    """The whole page. title: whose model it is."""
    fixed = f", fixed by {model.model}" if model.model else ", learnt from the data without any labels"
    return page(
        f"{title}: what agreement is worth",
        f"The matching model of generation {model.generation}{fixed}",
        section(
            "How to read it",
            "Two customers who share no identifier are compared trait by trait. Each trait speaks for or against their "
            "being one person, in bits: one bit doubles the odds, ten bits multiply them by a thousand.",
            _words(),
        ),
        _score(model),
        section(
            "Trait by trait",
            "All bars have one scale, so long ones matter more.",
            _legend(),
            *_cards(model),
        ),
        _left_out(model),
    )


def _words() -> Markup:
    told = (
        ("m", "Of records of one person, the share that agree this far. Slips and moves make it less than all."),
        ("u", "Of records of different people, the share that agree this far by chance."),
        ("bits", "log2(m / u). Above zero it speaks for one person, below zero against."),
    )  # fmt: skip
    return element("div", *(card(word, None, element("p", text)) for word, text in told), class_="columns")


def _score(model: ShownModel) -> Markup:
    steps = _example(model)
    total = sum(value for _, value in steps)
    least, most = -max(12.0, abs(model.bar_bits) + 4), max(12.0, abs(model.bar_bits) + 4)
    points = [(x, probability(x)) for x in _spread(least, most, 80)]
    line = curve(points, (-10, -5, 0, 5, 10), ("score in bits", "probability"), (model.bar_bits, model.bar, f"bar: {_percent(model.bar)}"))  # fmt: skip
    return section(
        "From bits to a probability",
        f"A pair starts at {model.prior_bits:+.1f} bits, for two customers drawn at random are hardly ever one: "
        f"about once in {_once_in(model.prior)}. What each trait says is added, and the sum is the score. A score of 0 is as likely "
        f"as not. From {_percent(model.bar)} on ({model.bar_bits:+.1f} bits) two are taken for one.",
        element(
            "div",
            card("An example", "somebody who moved house; values of usual rarity", waterfall(steps, "score", "bits"), element("p", f"A score of {total:+.1f} bits is a probability of {_percent(probability(total))}.", class_="note")),
            card("What a score means", None, line),
            class_="columns",
        ),
    )  # fmt: skip


def _example(model: ShownModel) -> list[tuple[str, float]]:
    """Somebody who moved: the prior, the traits of a person that agree most, and the home that differs most."""
    told = [trait for trait in model.traits if trait.counts and not trait.role.startswith("shown_")]
    own = [(trait.levels[-1].bits, trait, trait.levels[-1].level) for trait in told if not is_home(trait)]
    home = [(trait.levels[0].bits, trait, trait.levels[0].level) for trait in told if is_home(trait)]
    best = sorted(own, key=lambda each: (-each[0], each[1].trait))[:AGREEING]
    worst = sorted(home, key=lambda each: (each[0], each[1].trait))[:1]
    steps = [(f"{_name(trait)}: {level}", bits) for bits, trait, level in (*best, *worst)]
    return [("start", model.prior_bits), *steps]


def is_home(trait: Trait) -> bool:
    """Whether a trait says where somebody lives."""
    return trait.role in JOINS and trait.role not in ("given_name", "family_name", "date")


def _spread(least: float, most: float, many: int) -> list[float]:
    return [least + (most - least) * n / many for n in range(many + 1)]


def _legend() -> Markup:
    entries = (
        (element("i", class_="for"), "speaks for one person"),
        (element("i", class_="against"), "speaks against"),
        (element("i", class_="reach"), "from the commonest value to the rarest"),
    )
    return element("ul", *(element("li", *entry) for entry in entries), class_="legend")


def _cards(model: ShownModel) -> list[Markup]:
    levels = [level for trait in model.traits if trait.counts for level in trait.levels]
    scale = Scale.over([edge for level in levels for edge in (level.bits, level.least, level.most) if edge is not None])  # fmt: skip
    return [_card(trait, scale) for trait in model.traits if trait.counts]


def _card(trait: Trait, scale: Scale) -> Markup:
    rows = [
        (level.level, share(level.m), share(level.u), _bar(level, scale), f"{level.bits:+.2f}")
        for level in reversed(trait.levels)
    ]
    return card(
        _name(trait),
        f"compared as {words(trait.role)}",
        table(("level", "m: one person", "u: strangers", "", "bits"), rows, (1, 2, 4), "levels"),
    )


def _bar(level: Level, scale: Scale) -> Markup:
    reach = None if level.least is None or level.most is None else (level.least, level.most)
    return bar(scale, 0, level.bits, reach=reach)


def _left_out(model: ShownModel) -> Markup:
    why = {
        NOT_IN_MODEL: "the fixed model does not know it",
        NOT_IN_DATA: "the fixed model knows it, no row holds it",
    }
    rows: list[tuple[str, str]] = [
        (each.trait.replace("_", " "), why.get(each.origin, "switched off, or nothing to compare by"))
        for each in model.comparisons
        if each.role == OFF or each.origin == NOT_IN_DATA
    ]
    known = {trait for trait, _ in rows}
    rows += [
        (_name(trait), "hardly anybody tells it")
        for trait in model.traits
        if not trait.counts and _name(trait) not in known
    ]
    if not rows:
        return joined()
    return section("Not compared", None, card(None, None, table(("trait", "why"), rows)))


def _name(trait: Trait) -> str:
    return trait.trait.replace("_", " ")


def words(role: str) -> str:
    """How values of a role are compared, in words.

    >>> words("shown_email"), words("family_name"), words("text")
    ('identifier that may be mistyped (email)', 'name', 'text')
    """
    if role.startswith("shown_"):
        return f"identifier that may be mistyped ({role.removeprefix('shown_')})"
    return "name" if role.endswith("_name") else role.replace("_", " ")


def share(chance: float) -> str:
    """A share for people: in hundredths, of small ones once in so many.

    >>> share(0.934), share(0.0123), share(0.0000004)
    ('93.4%', '1.2%', '1 in 2,500,000')
    """
    if chance >= 0.001 or chance <= 0:
        return f"{chance:.1%}"
    return f"1 in {_once_in(chance)}"


def _once_in(chance: float) -> str:
    many = 1 / chance
    digits = max(len(str(round(many))) - 2, 0)
    return f"{round(many, -digits):,.0f}"


def _percent(chance: float) -> str:
    """A probability without false certainty.

    >>> _percent(0.5), _percent(0.99931), _percent(0.9999999)
    ('50%', '99.93%', 'more than 99.99%')
    """
    if chance > 0.9999:
        return "more than 99.99%"
    if chance < 0.0001:
        return "less than 0.01%"
    return f"{100 * chance:.2f}".rstrip("0").rstrip(".") + "%"
