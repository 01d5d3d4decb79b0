"""Events and sessions as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scvgraph.journeys.build import Options, sessions_of, touches_of

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from scvgraph.journeys.events import Events


def events_table(events: Events, options: Options | None = None) -> pd.DataFrame:
    """A row for each event, in order: its customer and session, when, its columns, whether it opens a touch, the
    seconds to the next event of the customer, whether it converted, and the value of that.
    """
    import pandas as pd

    options = options or Options()
    session = sessions_of(events, options)
    return pd.DataFrame(
        {
            "customer": events.customer,
            "session": session,
            "ts": events.at.view("datetime64[us]"),
            **{name: np.array(c.names, np.object_)[c.code] for name, c in events.columns.items()},
            "opens_touch": touches_of(events, session, options),
            "gap_to_next_s": _gap(events),
            "converted": events.converted,
            "value": np.where(events.converted, events.value, 0.0),
        }
    )


def sessions_table(events: Events, options: Options | None = None) -> pd.DataFrame:
    """A row for each session: its customer, when, how long, its channel (of its first touch, else of its first event),
    events, touches, conversions and value, and the seconds to the next session.
    """
    import pandas as pd

    options = options or Options()
    session = sessions_of(events, options)
    opens = touches_of(events, session, options)
    first = (
        np.flatnonzero(np.r_[True, session[1:] != session[:-1]]) if session.size else np.empty(0, np.int64)
    )
    last = np.r_[first[1:], session.size] - 1 if session.size else first
    by = first.copy()
    touched = np.flatnonzero(opens)[::-1]
    by[session[touched]] = touched  # the first one is written last
    channel = events.coded("channel")
    count = first.size
    next_ = np.full(count, np.nan)
    same = events.customer[first][1:] == events.customer[first][:-1]
    next_[:-1][same] = ((events.at[first][1:] - events.at[last][:-1]) / 1e6)[same]
    return pd.DataFrame(
        {
            "customer": events.customer[first],
            "session": np.arange(count),
            "start": events.at[first].view("datetime64[us]"),
            "seconds": (events.at[last] - events.at[first]) / 1e6,
            "channel": np.array(channel.names, np.object_)[channel.code[by]]
            if count
            else np.empty(0, np.object_),
            "events": np.bincount(session, minlength=count),
            "touches": np.bincount(session, opens, count).astype(np.int64),
            "conversions": np.bincount(session, events.converted, count).astype(np.int64),
            "value": np.bincount(session, np.where(events.converted, events.value, 0.0), count),
            "gap_to_next_s": next_,
        }
    )


def _gap(events: Events) -> npt.NDArray[np.float64]:
    gap = np.full(events.at.size, np.nan)
    same = events.customer[1:] == events.customer[:-1]
    gap[:-1][same] = (np.diff(events.at) / 1e6)[same]
    return gap
