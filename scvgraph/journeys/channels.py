"""Which channel an event counts as: rules over what it says of its origin, the first that holds wins.

The shipped rules follow the default channel group of web analytics. An event that no rule holds for keeps the
channel its source gave it; one that says nothing at all is direct.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scvgraph.engine import name, text
from scvgraph.errors import UnknownName
from scvgraph.journeys.events import DIRECT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from scvgraph.config.project import ChannelPolicy

OTHER = "(other)"
# Traits that usually hold where a visit came from.
USUAL = {
    "source": ("utm_source", "traffic_source", "mkt_source"),
    "medium": ("utm_medium", "medium", "traffic_medium", "mkt_medium"),
    "referrer": ("referrer", "referer", "page_referrer", "referring_domain"),
}
_HOST = "regexp_extract(coalesce(low_source, low_referrer), '^(?:(?:[a-z][a-z0-9+.-]*:)?//)?([^/?#]*)', 1)"
_PAID = "regexp_full_match(low_medium, '.*cp.|.*cp|ppc|retargeting|paid.*')"
_SEARCH = "(google|bing|yahoo|duckduckgo|ecosia|baidu|yandex|naver|qwant|startpage|aol|ask)"
_SOCIAL = "(facebook|fb|instagram|ig|linkedin|lnkd|twitter|t[.]co|x[.]com|pinterest|reddit|tiktok|snapchat|threads|mastodon|whatsapp|telegram|vk|weibo)"
_VIDEO = "(youtube|youtu[.]be|vimeo|twitch|dailymotion|netflix|hulu)"
_SHOPPING = "(amazon|ebay|etsy|walmart|alibaba|shopzilla|google ?shopping|idealo|shopify)"


def _site(sites: str) -> str:
    """Whether the source, or else the referrer, is one of some sites: its name, or a host under it.

    Of an address only the host counts: paths and queries name sites that nobody came from.
    """
    return f"regexp_matches({_HOST}, '(^|[.]){sites}([.]|$)')"


_SHOPS = rf"({_site(_SHOPPING)} OR regexp_matches(low_campaign, '(^|[^a-z])shop(ping)?([^a-z]|$)'))"
# Over source, medium, referrer and campaign in lower case.
SHIPPED: Mapping[str, str] = {
    DIRECT: "coalesce(low_source, '(direct)') IN ('(direct)', 'direct')"
    " AND coalesce(low_medium, '(none)') IN ('(none)', '(not set)', 'direct', 'none')"
    " AND low_referrer IS NULL AND (low_campaign IS NULL OR low_campaign = '(not set)')",
    "Paid Shopping": f"{_SHOPS} AND {_PAID} OR regexp_full_match(low_medium, 'paid[ _-]?shopping')",
    "Paid Social": f"{_site(_SOCIAL)} AND {_PAID} OR regexp_full_match(low_medium, 'paid[ _-]?social')",
    "Paid Video": f"{_site(_VIDEO)} AND {_PAID} OR regexp_full_match(low_medium, 'paid[ _-]?video')",
    "Display": "low_medium IN ('display', 'banner', 'expandable', 'interstitial', 'cpm')",
    "Paid Search": f"{_site(_SEARCH)} AND {_PAID} OR regexp_full_match(low_medium, 'paid[ _-]?search|sem')"
    " OR low_source IS NULL AND low_referrer IS NULL AND low_medium IN ('cpc', 'ppc')",
    "Paid Other": _PAID,
    "Organic Shopping": _SHOPS,
    "Organic Social": f"{_site(_SOCIAL)} OR regexp_full_match(low_medium, 'social([ -]?(network|media))?|sm')",
    "Organic Video": f"{_site(_VIDEO)} OR regexp_matches(low_medium, 'video')",
    "Email": "regexp_full_match(low_source, 'e[ _-]?mail|newsletter') OR regexp_full_match(low_medium, 'e[ _-]?mail|newsletter')",
    "Affiliates": "low_medium IN ('affiliate', 'affiliates')",
    "SMS": "low_source = 'sms' OR low_medium = 'sms'",
    "Mobile Push Notifications": "regexp_matches(low_medium, 'push$|notification') OR low_source = 'firebase'",
    "Audio": "low_medium = 'audio'",
    "Organic Search": f"low_medium IN ('organic', 'organic search') OR {_site(_SEARCH)}",
    "Referral": "low_medium = 'referral' OR low_referrer IS NOT NULL",
}

# The same for people.
ABOUT: Mapping[str, str] = {
    DIRECT: "source, medium, referrer and campaign say nothing, or `(direct)` and `(none)`",
    "Paid Shopping": "a shopping site, or a campaign named shop or shopping, and a paid medium; or medium `paid shopping`",
    "Paid Social": "a social network and a paid medium; or medium `paid_social`",
    "Paid Video": "a video site and a paid medium; or medium `paid_video`",
    "Display": "medium `display`, `banner`, `expandable`, `interstitial` or `cpm`",
    "Paid Search": "a search engine and a paid medium; or medium `paid_search`, `sem`, or `cpc` or `ppc` without a source",
    "Paid Other": "a paid medium: `cpc`, `cpa` and the like, `ppc`, `retargeting`, or one that begins with `paid`",
    "Organic Shopping": "a shopping site, or a campaign named so",
    "Organic Social": "a social network; or medium `social`, `social-media` and the like, `sm`",
    "Organic Video": "a video site, or a medium with `video`",
    "Email": "source or medium `email`, `e-mail` and the like, or `newsletter`",
    "Affiliates": "medium `affiliate`",
    "SMS": "source or medium `sms`",
    "Mobile Push Notifications": "a medium that ends with `push` or says `notification`, or source `firebase`",
    "Audio": "medium `audio`",
    "Organic Search": "medium `organic`, or a search engine",
    "Referral": "medium `referral`, or any other referrer",
}


def origin_columns(policy: ChannelPolicy, traits: Collection[str]) -> dict[str, str]:
    """SQL of source, medium and referrer of an event e, from its traits; the medium is else the channel given."""
    found = {}
    for column, usual in USUAL.items():
        said = getattr(policy, column)
        if said is not None and said not in traits:
            known = ", ".join(sorted(traits)) or "none"
            raise UnknownName(f"channels.{column}: events have no trait '{said}'; there are: {known}")
        there = [said] if said else [trait for trait in usual if trait in traits]
        values = [f"nullif(trim(e.{name(trait)}), '')" for trait in there]
        if column == "medium":
            values.append("e.channel")
        found[column] = f"coalesce({', '.join(values)})" if values else "CAST(NULL AS VARCHAR)"
    return found


def channel_sql(policy: ChannelPolicy) -> str:
    """SQL of the channel of a row with kind, channel, campaign, value, source, medium, referrer and system."""
    given = "nullif(trim(channel), '')"
    nothing = f"WHEN coalesce({given}, source, medium, referrer, campaign) IS NULL THEN {text(DIRECT)}"
    return f"CASE {rules_sql(policy)} {nothing} ELSE coalesce({given}, {text(OTHER)}) END"


def matched_sql(policy: ChannelPolicy) -> str:
    """SQL of the channel by rule only; null where none holds."""
    rules = rules_sql(policy)
    return f"CASE {rules} END" if rules else "CAST(NULL AS VARCHAR)"


def rules_sql(policy: ChannelPolicy) -> str:
    rules = [f"WHEN ({predicate}) THEN {text(channel)}" for channel, predicate in policy.rules.items()]
    if policy.shipped:
        rules += [f"WHEN ({predicate}) THEN {text(channel)}" for channel, predicate in SHIPPED.items()]
    return " ".join(rules)


def lowered_columns() -> str:
    """SQL of the twins that the shipped rules read."""
    return ", ".join(f"lower({c}) AS low_{c}" for c in ("source", "medium", "referrer", "campaign"))
