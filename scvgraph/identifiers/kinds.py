"""The kinds of identifiers: one row each.

A new kind is a function in a file of its own and a row here; a kind that is not in the table is a plain id.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from scvgraph.identifiers.email import clean_email, clean_emails
from scvgraph.identifiers.ids import clean_id, clean_ids
from scvgraph.identifiers.ip import clean_ip, clean_ips
from scvgraph.identifiers.phone import clean_phone, clean_phones

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa

    from scvgraph.identifiers.options import Options
    from scvgraph.identifiers.verdict import Cleaned, Verdict


@dataclass(frozen=True, slots=True)
class KindRule:
    """How the values of one kind are cleaned and what they are worth.

    clean: the rule for a column of distinct values; one: the same rule for one value.
    trust: from 0 to 1, how far one sighting of this kind identifies one person.
    links: whether the kind may merge people at all. title: the kind, for people.
    """

    name: str
    clean: Callable[[pa.StringArray, Options], Cleaned]
    one: Callable[[str, Options], Verdict]
    trust: float
    links: bool
    title: str


_GENERIC = KindRule("id", clean_ids, clean_id, 0.8, links=True, title="An id of a kind of its own.")

_RULES = (
    KindRule("email", clean_emails, clean_email, 0.95, links=True, title="An e-mail address."),
    KindRule("phone", clean_phones, clean_phone, 0.85, links=True, title="A phone number."),
    KindRule("loyalty_id", clean_ids, clean_id, 0.97, links=True, title="A loyalty card or account number."),
    KindRule("user_id", clean_ids, clean_id, 0.97, links=True, title="The account somebody signs in with."),
    KindRule("crm_id", clean_ids, clean_id, 0.98, links=True, title="The key of a CRM record."),
    KindRule("device_id", clean_ids, clean_id, 0.75, links=True, title="A device, as an app names it."),
    KindRule("cookie_id", clean_ids, clean_id, 0.7, links=True, title="A browser, as a cookie names it."),
    KindRule("ip", clean_ips, clean_ip, 0.05, links=False, title="An IP address: a place, not a person."),
)

BUILT_IN: Mapping[str, KindRule] = MappingProxyType({rule.name: rule for rule in _RULES})


def rule_for(name: str) -> KindRule:
    """The rule of a kind; any other name is an id that links, under that name."""
    return BUILT_IN.get(name) or replace(_GENERIC, name=name)
