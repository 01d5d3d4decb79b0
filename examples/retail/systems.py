"""What each of the six systems recorded of the visits, with its own habits; `time` and `person` are the truth beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from visits import EMAIL, PUSH, Visits, cookies, devices, home_ips, moments, newsletter, prices
from world import (
    CITIES,
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    SHOPS,
    Dice,
    World,
    accounts,
    address,
    british,
    card_at,
    digits,
    iso,
    letters,
    mixed,
    mobile_at,
    money,
    part,
    spaced,
    swapped,
    text,
    typed,
    uuids,
    words,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Ints = NDArray[np.int64]
    Texts = NDArray[np.str_]
    Flags = NDArray[np.bool_]

UTM_SOURCES = {
    2: ("google", "google", "bing"),
    3: ("facebook", "instagram", "tiktok"),
    4: ("newsletter",),
    5: ("adnet",),
}
UTM_MEDIUM = np.array(["", "", "cpc", "paid_social", "email", "display", "", ""])
UTM_CAMPAIGNS = {
    2: ("brand", "brand", "homeware-generic", "coats-generic"),
    3: ("lookbook", "autumn-throws", "retargeting-social"),
    5: ("retargeting-display", "prospecting-display"),
}
REFERRERS = {
    1: (
        "https://www.google.com/",
        "https://www.google.com/",
        "https://www.bing.com/",
        "https://duckduckgo.com/",
    ),
    6: (
        "https://thriftyhome.example/",
        "https://cosyblog.example/throws",
        "https://vouchers.example/harbour-pine",
    ),
}
PUSHES = np.array(["push-basket", "push-weekend", "push-new-in"])
PAGES = np.array(
    ["/", "/new-in", "/homeware", "/coats", "/lighting", "/sale", "/bedding", "/garden", "/stores"]
)
TOPICS = np.array(["delivery", "return", "loyalty points", "stock check", "complaint", "order change"])
FAKE_EMAILS = np.array(
    ["test@test.com", "noemail@noemail.com", "none@none.com", "noemail@harbourandpine.example"]
)
FAKE_PHONES = np.array(["0000000000", "00000000000", "07777777777", "0123456789"])
OWN_NUMBER = "0345 600 0123"  # the call centre's own line


def stacked(pieces: Sequence[dict[str, ArrayLike]], columns: Sequence[str]) -> pd.DataFrame:
    """Pieces of a table under one another, missing columns empty, ordered by time (then as given)."""
    frames = [
        pd.DataFrame({c: piece.get(c, "") for c in columns}, index=np.arange(len(piece["time"])))
        for piece in pieces
    ]
    table = pd.concat(frames, ignore_index=True)
    return table.iloc[np.argsort(table["time"].to_numpy(), kind="stable")].reset_index(drop=True)


def keyed(table: pd.DataFrame, column: str, prefix: str) -> pd.DataFrame:
    table.insert(0, column, text(prefix, digits(np.arange(1, len(table) + 1), max(6, len(str(len(table)))))))
    return table


def web_events(world: World, visits: Visits) -> pd.DataFrame:
    """The web shop: anonymous until a login or an order names somebody."""
    dice = Dice(world.seed, 3)
    keep = ~visits.in_app
    v = Visits(*(getattr(visits, f)[keep] for f in Visits.__dataclass_fields__))
    n, person, channel = len(v.person), v.person, v.channel
    cookie = cookies(world, dice, v)
    email = accounts(world, dice)[person]
    logs_in = world.registered[person] & dice.chance(
        n, np.where(v.sale, 0.7, np.where(v.on_tablet, 0.55, 0.24))
    )
    login_at = 25 * SECOND + dice.below(n, 60 * SECOND)
    utm = {c: np.full(n, "", dtype="U24") for c in ("source", "campaign", "referrer")}
    for options, column in ((UTM_SOURCES, "source"), (UTM_CAMPAIGNS, "campaign"), (REFERRERS, "referrer")):
        for which, values in options.items():
            at = channel == which
            utm[column] = utm[column].astype("U48")
            utm[column][at] = np.array(values)[dice.below(int(at.sum()), len(values))]
    mailed = channel == EMAIL
    utm["campaign"][mailed] = newsletter(world, v.time[mailed])[1]
    session = {
        "person": person, "anonymous_id": cookie, "ip": home_ips(world, dice, person), "utm_source": utm["source"],
        "utm_medium": UTM_MEDIUM[channel], "utm_campaign": utm["campaign"], "referrer": utm["referrer"],
    }  # fmt: skip

    def rows(which: Ints, offset: Ints, event: str, **more: ArrayLike) -> dict[str, ArrayLike]:
        known = np.where(logs_in[which] & (offset >= login_at[which]), email[which], "")
        base = {c: values[which] for c, values in session.items()}
        return base | {"time": v.time[which] + offset, "event": event, "user_email": known} | more

    views = 1 + dice.pick(n, (0.34, 0.28, 0.2, 0.12, 0.06))
    viewer = np.repeat(np.arange(n), views)
    nth = np.arange(len(viewer)) - (np.cumsum(views) - views)[viewer]
    page = PAGES[dice.below(len(viewer), len(PAGES))]
    carts = np.flatnonzero(v.sale | dice.chance(n, 0.12))
    buyers = np.flatnonzero(v.sale)
    price = prices(dice, len(buyers))
    guest = typed(dice, email[buyers], 0.015)
    guest = np.where(dice.chance(len(buyers), 0.03), FAKE_EMAILS[dice.below(len(buyers), 2)], guest)
    bought = rows(
        buyers,
        330 * SECOND + dice.below(len(buyers), 200 * SECOND),
        "purchase",
        page="/checkout/done",
        revenue=money(price),
    )
    bought["user_email"] = np.where(logs_in[buyers], email[buyers], guest)
    back = np.flatnonzero(dice.chance(len(buyers), 0.07))
    refund = {
        "time": bought["time"][back] + 3 * DAY + dice.below(len(back), 12 * DAY), "person": person[buyers][back],
        "event": "refund", "user_email": email[buyers][back], "revenue": money(-price[back]),
    }  # fmt: skip
    pieces = [
        rows(viewer, nth * 55 * SECOND + dice.below(len(viewer), 20 * SECOND), "page_view", page=page),
        rows(np.flatnonzero(logs_in), login_at[logs_in], "login", page="/account"),
        rows(carts, 230 * SECOND + dice.below(len(carts), 60 * SECOND), "add_to_cart", page="/basket"),
        bought,
        refund,
    ]
    columns = [
        "time",
        "person",
        "event",
        "anonymous_id",
        "user_email",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "referrer",
        "page",
        "revenue",
        "ip",
    ]
    table = stacked(pieces, columns)
    return keyed(table[table["time"] < world.end].reset_index(drop=True), "event_id", "w")


def app_events(world: World, visits: Visits) -> pd.DataFrame:
    """The app: a device always, a loyalty card once signed in, an e-mail only on signing in."""
    dice = Dice(world.seed, 4)
    v = Visits(*(getattr(visits, f)[visits.in_app] for f in Visits.__dataclass_fields__))
    n, person = len(v.person), v.person
    device = devices(world, dice, v)
    card = card_at(world, person, v.time)
    member = mixed(person, 42) % np.uint64(10) < np.uint64(7)  # the others never sign in
    signed = (member | v.sale | v.on_tablet) & dice.chance(n, np.where(v.sale | v.on_tablet, 0.9, 0.6))
    signs = signed & dice.chance(n, 0.35)
    card = np.where(signed, card, "")
    campaign = np.where(v.channel == PUSH, PUSHES[dice.below(n, 3)], "")

    def rows(which: Ints, offset: Ints, action: str, **more: ArrayLike) -> dict[str, ArrayLike]:
        base = {
            "time": v.time[which] + offset,
            "person": person[which],
            "action": action,
            "device_id": device[which],
        }
        return base | {"user_id": card[which], "campaign": campaign[which]} | more

    everyone, signers, buyers = np.arange(n), np.flatnonzero(signs), np.flatnonzero(v.sale)
    looks = np.repeat(everyone, dice.pick(n, (0.3, 0.35, 0.2, 0.15)))
    wishes = np.flatnonzero(dice.chance(n, 0.12))
    opens = rows(everyone, np.zeros(n, np.int64), "app_open")
    opens["user_id"] = np.where(signs, "", card)
    pieces = [
        opens,
        rows(
            signers,
            8 * SECOND + dice.below(len(signers), 9 * SECOND),
            "sign_in",
            email=accounts(world, dice)[person[signers]],
        ),
        rows(looks, 20 * SECOND + dice.below(len(looks), 240 * SECOND), "view_product"),
        rows(wishes, 100 * SECOND + dice.below(len(wishes), 60 * SECOND), "add_to_wishlist"),
        rows(
            buyers,
            300 * SECOND + dice.below(len(buyers), 90 * SECOND),
            "purchase",
            amount=money(prices(dice, len(buyers))),
        ),
    ]
    return keyed(
        stacked(pieces, ["time", "person", "action", "device_id", "user_id", "email", "campaign", "amount"]),
        "id",
        "a",
    )


def till_receipts(world: World, visits: Visits, wanted: int) -> pd.DataFrame:
    """The tills: local time, a card or an e-mail where the customer gave one, kiosks everybody uses."""
    dice = Dice(world.seed, 5)
    led = np.flatnonzero(visits.store_sale)
    walk_in = max(wanted - len(led), 0)
    day = visits.time[led] // DAY * DAY + DAY
    person = np.concatenate([visits.person[led], dice.pick(walk_in, world.activity)])
    time = np.concatenate(
        [day + 9 * HOUR + dice.below(len(led), 10 * HOUR), moments(dice, world, walk_in, 9, 20)]
    )
    person, time = person[time < world.end], time[time < world.end] // SECOND * SECOND
    n = len(person)
    card = np.where(dice.chance(n, 0.74), card_at(world, person, time), "")
    email = np.where(
        dice.chance(n, np.where(card == "", 0.7, 0.2)),
        typed(dice, address(world, dice, person, 0.3), 0.015),
        "",
    )
    email = np.where(dice.chance(n, 0.012), FAKE_EMAILS[dice.pick(n, (0.2, 0.1, 0.1, 0.6))], email)
    shop = np.where(dice.chance(n, 0.9), world.city[person], dice.below(n, len(SHOPS)))
    kiosks = max(4, world.size // 500)
    kiosk = dice.chance(n, 0.1)
    price = prices(dice, n)
    table = stacked([{
        "time": time, "person": person, "sold_at": british(time), "loyalty_card": card, "email_for_receipt": email,
        "amount": money(np.where(dice.chance(n, 0.04), -price, price)),
        "store": np.where(kiosk, SHOPS[shop % min(kiosks, len(SHOPS))], SHOPS[shop]),
        "till": np.where(kiosk, "KIOSK", text("T", (1 + dice.below(n, 5)).astype("U1"))),
        "device": np.where(kiosk, uuids((shop + len(SHOPS) * dice.below(n, 1 + kiosks // len(SHOPS))) % kiosks, 10), ""),
    }], ["time", "person", "sold_at", "loyalty_card", "email_for_receipt", "amount", "store", "till", "device"])  # fmt: skip
    return keyed(table, "receipt", "r")


def newsletter_rows(world: World, web: pd.DataFrame, wanted: int) -> pd.DataFrame:
    """The newsletter tool: every click is a web visit by the same cookie; most rows are just sent."""
    dice = Dice(world.seed, 6)
    landed = web[(web["utm_medium"] == "email") & (web["event"] == "page_view")]
    landed = landed.drop_duplicates(["anonymous_id", "utm_campaign", "person"])
    who, when = landed["person"].to_numpy(np.int64), landed["time"].to_numpy(np.int64) - 2 * SECOND
    mail, _ = newsletter(world, when)
    weeks = (world.end - world.start) // (7 * DAY)
    readers = np.flatnonzero(world.subscribed)
    extra = max(int((wanted - 3 * len(who)) / 1.3), 0)
    idle = readers[dice.below(extra, len(readers))]
    idle_mail = world.start + dice.below(extra, weeks) * 7 * DAY + 5 * MINUTE
    pair = np.unique(
        np.stack([np.concatenate([mail, idle_mail]), np.concatenate([who, idle])], axis=1), axis=0
    )
    sent, to = pair[:, 0], pair[:, 1]
    clicked = pd.MultiIndex.from_arrays([sent, to]).isin(pd.MultiIndex.from_arrays([mail, who]))
    peek = np.flatnonzero(~clicked & dice.chance(len(to), 0.3))
    pieces = [
        {"time": sent + to % 900 * SECOND, "person": to, "action": "sent", "mail": sent},
        {"time": np.maximum(when - 9 * SECOND, mail), "person": who, "action": "open", "mail": mail},
        {
            "time": sent[peek] + HOUR + dice.below(len(peek), 40 * HOUR),
            "person": to[peek],
            "action": "open",
            "mail": sent[peek],
        },
        {
            "time": when,
            "person": who,
            "action": "click",
            "mail": mail,
            "cookie": landed["anonymous_id"].to_numpy(np.str_),
        },
    ]
    table = stacked(pieces, ["time", "person", "action", "mail", "cookie"])
    table = table[table["time"] < world.end].reset_index(drop=True)
    person = table["person"].to_numpy(np.int64)
    main = world.emails[person, 0]
    table["recipient"] = np.where(
        mixed(person, 61) % np.uint64(25) == np.uint64(0), np.strings.title(main), main
    )
    table["campaign"] = newsletter(world, table["mail"].to_numpy(np.int64))[1]
    table["at"] = iso(table["time"].to_numpy(np.int64), "s")
    return keyed(table, "message_id", "m")


def call_tickets(world: World, wanted: int) -> pd.DataFrame:
    """The call centre: a number, a name as heard, its own number where an agent rang back."""
    dice = Dice(world.seed, 7)
    pair = np.concatenate([np.repeat(world.recycled[:, 0], 2), np.repeat(world.recycled[:, 1], 2)])
    change = np.repeat(
        np.concatenate(
            [world.mobile_switch[world.recycled[:, 0]], world.mobile_switch[world.recycled[:, 1]]]
        ),
        2,
    )
    side = np.repeat([0, 1], len(pair) // 2)
    forced = np.where(
        side == 0,
        change - DAY - dice.below(len(pair), 80 * DAY),
        change + DAY + dice.below(len(pair), 60 * DAY),
    )
    forced = forced // DAY * DAY + 9 * HOUR + dice.below(len(pair), 10 * HOUR)
    free = max(wanted - len(pair), 0)
    person = np.concatenate([pair, dice.pick(free, world.activity)])
    time = np.concatenate([np.minimum(forced, world.end - DAY), moments(dice, world, free, 8, 20)])
    n, way = len(person), dice.unit(len(person))
    way[: len(pair)] = 0.0
    line = np.where(
        (way > 0.72) & (world.landline[person] != ""), world.landline[person], mobile_at(world, person, time)
    )
    caller = np.where(way > 0.9, np.where(way > 0.97, "withheld", OWN_NUMBER), written(dice, line))
    first, last, style = world.first[person], world.last[person], dice.pick(n, (0.55, 0.12, 0.15, 0.1, 0.08))
    spelt = swapped(text(last, " "), 1 + dice.below(n, np.maximum(np.strings.str_len(last) - 2, 1)))
    spelt = np.where(np.strings.str_len(last) > 3, np.strings.strip(spelt), last)
    name = np.choose(
        style,
        [
            text(first, " ", last),
            text(world.short[person], " ", last),
            text(part(first, 0, 1), " ", last),
            text(last, ", ", first),
            text(first, " ", spelt),
        ],
    )
    table = stacked([{
        "time": time, "person": person, "opened_at": spaced(time), "caller": caller, "customer_name": name,
        "loyalty_card": np.where(dice.chance(n, 0.4), card_at(world, person, time), ""), "topic": TOPICS[dice.below(n, len(TOPICS))],
    }], ["time", "person", "opened_at", "caller", "customer_name", "loyalty_card", "topic"])  # fmt: skip
    return keyed(table, "ticket", "t")


def crm_records(world: World) -> pd.DataFrame:
    """The CRM: seven people in ten, some of them twice, with everything a form lets through."""
    dice = Dice(world.seed, 8)
    listed = dice.chance(world.size, 0.7)
    listed[world.recycled.ravel()] = listed[world.namesakes.ravel()] = True
    once = np.flatnonzero(listed)
    twice = np.sort(dice.some(once, round(len(once) * 0.04)))
    person = np.concatenate([once, twice])
    again = np.arange(len(person)) >= len(once)
    n = len(person)
    time = (world.start + (dice.unit(n) * (world.end - world.start)).astype(np.int64)) // SECOND * SECOND
    giver, taker = np.isin(person, world.recycled[:, 0]), np.isin(person, world.recycled[:, 1])
    switch = world.mobile_switch[person]
    time[giver & ~again] = switch[giver & ~again] - 30 * DAY
    time[taker & ~again] = np.minimum(switch[taker & ~again] + 30 * DAY, world.end - DAY)
    order = np.argsort(dice.unit(n), kind="stable")
    person, again, time = person[order], again[order], time[order]

    first, last, born = world.first[person], world.last[person].astype("U24"), world.born[person]
    first = np.where(again & dice.chance(n, 0.5), world.short[person], first)
    wrong = dice.chance(n, np.where(again, 0.2, 0.025)) & (np.strings.str_len(last) > 3)
    last[wrong] = swapped(last[wrong], 1 + dice.below(int(wrong.sum()), np.strings.str_len(last[wrong]) - 2))
    case = dice.unit(n)
    last = np.where(case < 0.02, np.strings.upper(last), np.where(case > 0.98, np.strings.lower(last), last))
    renamed = again & dice.chance(n, 0.08) & (world.place[person] == 1)
    last = np.where(renamed, world.last[(person * 7 + 3) % world.size], last)
    date = iso(born, "D")
    turned = (born // DAY).astype("M8[D]")
    day = (turned - turned.astype("M8[M]")).astype(np.int64) + 1
    cells = letters(date)[:, [0, 1, 2, 3, 4, 8, 9, 7, 5, 6]]
    date = np.where(dice.chance(n, 0.04) & (day <= 12), words(cells), date)
    quality = dice.unit(n)
    date = np.where(quality < 0.12, "", np.where(quality > 0.985, "1900-01-01", date))

    email = typed(dice, address(world, dice, person, 0.12), 0.01)
    second = world.emails[person, 1]
    email = np.where(again & (second != "") & dice.chance(n, 0.7), second, email)
    email = np.where(dice.chance(n, 0.06), "", email)
    email = np.where(dice.chance(n, 0.025), FAKE_EMAILS[dice.below(n, len(FAKE_EMAILS))], email)
    mobile = written(dice, np.where(dice.chance(n, 0.2), "", mobile_at(world, person, time)))
    mobile = np.where(dice.chance(n, 0.015), FAKE_PHONES[dice.below(n, len(FAKE_PHONES))], mobile)
    table = pd.DataFrame({
        "time": time, "person": person, "first_name": first, "last_name": last, "email": email,
        "phone": written(dice, np.where(dice.chance(n, 0.75), world.landline[person], "")), "mobile": mobile,
        "birth_date": date, "street": world.street[person], "city": CITIES[world.city[person]],
        "postcode": np.where(dice.chance(n, 0.1), np.strings.lower(np.strings.replace(world.postcode[person], " ", "")), world.postcode[person]),
        "country": "GB", "updated_at": spaced(time),
        "marketing_opt_in": np.where(world.subscribed[person], "yes", np.where(dice.chance(n, 0.3), "", "no")),
    })  # fmt: skip
    return keyed(table, "customer_no", "C")


def decisions(world: World, crm: pd.DataFrame) -> pd.DataFrame:
    """What the identity desk has ruled so far, all of it right."""

    def ruled(when: int) -> str:
        return str(iso(np.array([when // DAY * DAY + 10 * HOUR]), "s")[0]) + "Z"

    rows = []
    for k, p in enumerate(world.reissued[:3].tolist()):
        cards = (f"loyalty_id:{world.card[p]}", f"loyalty_id:{world.card_next[p]}")
        when = ruled(int(world.card_switch[p]) + (2 + k) * DAY)
        rows.append(("must_link", *cards, when, "r.okafor", "card lost, reissued with a new number"))
    for k, (father, son) in enumerate(world.namesakes[:2].tolist()):
        emails = (f"email:{world.emails[father, 0]}", f"email:{world.emails[son, 0]}")
        when = ruled(world.start + (130 + 41 * k) * DAY)
        rows.append(
            ("cannot_link", *emails, when, "m.lindqvist", "father and son of one name, confirmed by phone")
        )
    written_down = np.strings.lower(crm["email"].to_numpy(np.str_))
    both = np.flatnonzero((world.emails[:, 1] != "") & np.isin(world.emails[:, :2], written_down).all(axis=1))
    for p in both[:1].tolist():
        emails = (f"email:{world.emails[p, 0]}", f"email:{world.emails[p, 1]}")
        when = ruled(world.end - 40 * DAY)
        rows.append(("must_link", *emails, when, "r.okafor", "customer asked to have both accounts joined"))
    return pd.DataFrame(rows, columns=["decision", "a", "b", "at", "by", "reason"])
