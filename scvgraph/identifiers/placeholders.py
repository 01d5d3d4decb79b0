"""Values that stand for "nothing" or for "nobody in particular", as data.

A **null word** says that there is no value: it is refused, with the fault `null_word`. A **placeholder** is a
value some person or system put where one was demanded: it is kept, so that it can be explained, and marked,
so that it merges nobody. A row here is all it takes to add one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from scvgraph.identifiers.verdict import Verdict, refused

if TYPE_CHECKING:
    from scvgraph.identifiers.options import Options

# ruff: noqa: RUF001 - the dashes are data


def _words(text: str) -> frozenset[str]:
    return frozenset(text.lower().split())


NULL_WORDS = _words(
    """
    null none nan nil na n/a n.a n.a. #n/a #na #null! #ref! #value! <na> <null> <none> (null) (none) [null] {null}
    undefined [undefined] (undefined) unknown (unknown) missing empty (empty) (blank) blank unset (notset) (not_set)
    not_set notset not-set notprovided not_provided not_available notavailable not_applicable
    \\n - -- --- _ . .. ... ? ?? ??? * ** *** / // ' '' " "" n\\a – — NaT
    """
) | {
    "(not set)",
    "not set",
    "not provided",
    "(not provided)",
    "not available",
    "not applicable",
    "no value",
    "n / a",
}
"""Compared whole, in lower case."""

ID_PLACEHOLDERS = _words(
    """
    0 -1 true false anonymous anonymousid anonymous_id anonymous-id anonymoususer anonymous_user anon guest default
    test tester testing dummy fake placeholder nobody noone invalid deleted redacted unidentified
    notloggedin not_logged_in loggedout logged_out optout opt_out opted_out user_id userid device_id deviceid
    cookie_id cookieid customer_id customerid crm_id loyalty_id [object_object] 9774d56d682e549c
    """
) | {"[object object]", "not logged in", "anonymous user", "opt out"}
"""Ids compared whole, in lower case. The last one was the Android id of every handset of one faulty build."""

EMAIL_LOCALS = _words(
    """
    na none null nil nan unknown anonymous anon nobody noone invalid undefined notprovided notgiven declined refused
    noreply donotreply dontreply donotemail dontemail noemail nomail noemailaddress nomailaddress noaddress
    donthave donthaveone placeholder guest xyz qwerty qwertz qwe asd asdasd sdf qweqwe abcabc email mail youremail
    yourname someone somebody
    """
)
"""The part before '@', in lower case, without '.', '-', '_', '/' and without a plus-tag."""

EMAIL_LOCALS_NUMBERED = _words(
    """
    test tests tester testing testtest testuser testemail testmail testaccount fake fakeemail fakemail dummy
    dummyemail example noemail asdf asdfasdf asdfgh asdfghjkl
    """
)
"""As above, also with a number behind: test1, noemail2024."""

IP_PLACEHOLDERS = _words("0.0.0.0 255.255.255.255 ::")
"""Beside the loopback addresses."""

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SEPARATORS = str.maketrans("", "", ".-_/")
_UP = "01234567890123456789"
_DOWN = _UP[::-1]


def is_uuid(text: str) -> bool:
    return len(text) == 36 and _UUID.fullmatch(text) is not None


@lru_cache(maxsize=64)
def null_words(options: Options) -> frozenset[str]:
    """The built-in null words and the user's own, in lower case."""
    return NULL_WORDS | {word.strip().lower() for word in options.null_words}


def nothing(text: str, options: Options) -> str | None:
    """The fault of a text that holds no value, if it holds none."""
    if not text:
        return "empty"
    return "null_word" if text.lower() in null_words(options) else None


def lasting(verdict: Verdict, options: Options) -> Verdict:
    """The verdict, unless the cleaned value is itself a null word: cleaning it again would refuse it."""
    if options.null_words and verdict.value is not None and verdict.value.lower() in null_words(options):
        return refused("null_word")
    return verdict


def id_placeholder(value: str) -> str | None:
    """Why an id stands for nobody: a listed word, a UUID or four and more characters that are all the same."""
    if value.lower() in ID_PLACEHOLDERS:
        return "listed"
    if is_uuid(value) and len(set(value.lower()) - {"-"}) == 1:
        return "nil_uuid"
    return "all_one_character" if len(value) >= 4 and len(set(value)) == 1 else None


def email_skeleton(local: str) -> str:
    """The part before '@' as the lists spell it."""
    return local.partition("+")[0].translate(_SEPARATORS)


def email_placeholder(local: str) -> str | None:
    """Why an address is nobody's: its local part is a listed word or one character typed again and again."""
    bones = email_skeleton(local)
    if bones in EMAIL_LOCALS or bones.rstrip("0123456789") in EMAIL_LOCALS_NUMBERED:
        return "listed"
    enough = 4 if bones.isdigit() else 3
    return "all_one_character" if len(bones) >= enough and len(set(bones)) == 1 else None


def phone_placeholder(digits: str) -> str | None:
    """Why a national number is nobody's: all one digit, or the digits in their order."""
    if len(digits) >= 4 and len(set(digits)) == 1:
        return "all_one_digit"
    ordered = (digits[0] in "01" and digits in _UP) or (digits[0] in "90" and digits in _DOWN)
    return "sequence" if len(digits) >= 6 and ordered else None


def word_hash(word: str) -> int:
    """The 16-bit hash that the bulk scans use to notice that a value *may* be a listed word."""
    code = 0
    for byte in word.encode():
        code = (code * 31 + byte) & 0xFFFF
    return code
