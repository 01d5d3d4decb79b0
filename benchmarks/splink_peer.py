"""Splink on one labelled set, with the settings its authors publish for it: started by beside_splink.py.

    python benchmarks/splink_peer.py fake_1000 --data FOLDER [--out pairs.parquet]

Prints JSON: seconds without the imports, clusters, version. It does what a user's program would do: read the file,
train, predict, cluster; no charts, no exploration, no truth. With `--out` it also writes the scored pairs and counts
those that were compared, which takes time of its own.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import splink
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.blocking_analysis import count_comparisons_from_blocking_rules

KEY = "key"


@dataclass(frozen=True)
class Demo:
    """How Splink is used on a set.

    compared: makes the comparisons. certain: rules of pairs that match nearly surely, of which `recall` is the share
    of all matches they find. trained: a training session by expectation maximisation each. least: probability below
    which pairs are not kept; joined: the one from which they are clustered. select: the input's columns.
    """

    basis: str
    blocks: tuple[Any, ...]
    compared: Callable[[], list[Any]]
    certain: tuple[Any, ...]
    recall: float
    sampled: float
    trained: tuple[Any, ...]
    least: float | None
    joined: float
    select: str = "record_id AS key, * EXCLUDE (record_id)"
    seed: int | None = None
    by_source: bool = False
    plain_training: bool = True  # without term frequencies

    @property
    def link_type(self) -> str:
        return "link_only" if self.by_source else "dedupe_only"


def often(comparison: Any) -> Any:
    """With what is rare counting for more."""
    return comparison.configure(term_frequency_adjustments=True)


FEBRL_DATE = {"input_is_string": True, "datetime_format": "%Y%m%d"}
# Both spellings of dates in the pooled sources as one.
ONE_DATE = r"regexp_replace(date_of_birth, '^(\d{4})(\d\d)(\d\d)$', '\2/\3/\1')"
SWAPPED = "l.given_name = r.surname AND l.surname = r.given_name"

DEMOS: dict[str, Demo] = {
    "fake_1000": Demo(
        basis="published: accuracy analysis from a labels column",
        blocks=(block_on("first_name"), block_on("surname"), block_on("dob"), block_on("email")),
        compared=lambda: [
            cl.ForenameSurnameComparison("first_name", "surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            often(cl.ExactMatch("city")),
            cl.EmailComparison("email"),
        ],
        certain=(
            "l.first_name = r.first_name AND levenshtein(r.dob, l.dob) <= 1",
            "l.surname = r.surname AND levenshtein(r.dob, l.dob) <= 1",
            "l.first_name = r.first_name AND levenshtein(r.surname, l.surname) <= 2",
            block_on("email"),
        ),
        recall=0.7,
        sampled=1e6,
        seed=5,
        trained=(block_on("dob"), block_on("email"), block_on("first_name", "surname")),
        least=None,
        joined=0.5,
    ),
    "febrl3": Demo(
        basis="published: febrl3",
        blocks=tuple(
            map(block_on, ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")),
        ),
        compared=lambda: [
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", **FEBRL_DATE),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            often(cl.ExactMatch("street_number")),
            often(cl.ExactMatch("postcode")),
        ],
        certain=(
            block_on("soc_sec_id"),
            block_on("given_name", "surname", "date_of_birth"),
            f"{SWAPPED} AND l.date_of_birth = r.date_of_birth",
        ),
        recall=0.9,
        sampled=1e6,
        seed=2,
        trained=(block_on("date_of_birth"), block_on("postcode")),
        least=0.2,
        joined=0.99,
        plain_training=False,
    ),
    "febrl4": Demo(
        basis="published: febrl4, the detailed model, linking the two sources",
        by_source=True,
        blocks=(
            block_on("given_name", "surname"),
            SWAPPED,
            block_on("date_of_birth"),
            block_on("soc_sec_id"),
            block_on("state", "address_1"),
            block_on("street_number", "address_1"),
            block_on("postcode"),
        ),
        compared=lambda: [
            often(cl.NameComparison("given_name")),
            often(cl.NameComparison("surname")),
            cl.DateOfBirthComparison("date_of_birth", invalid_dates_as_null=True, **FEBRL_DATE),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            often(cl.ExactMatch("street_number")),
            often(cl.DamerauLevenshteinAtThresholds("postcode", [1, 2])),
        ],
        certain=(block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")),
        recall=0.8,
        sampled=1e6,
        trained=(block_on("date_of_birth"), block_on("postcode")),
        least=0.2,
        joined=0.99,
    ),
    "historical_50k": Demo(
        basis="published: 50k historical persons",
        select="record_id AS key, * EXCLUDE (record_id), first_name || ' ' || surname AS both_names",
        blocks=(
            block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake,1,3)", "dob"),
            block_on("substr(postcode_fake,1,3)", "first_name"),
            block_on("substr(postcode_fake,1,3)", "surname"),
            block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
        ),
        compared=lambda: [
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="both_names"
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            often(cl.ExactMatch("birth_place")),
            often(cl.ExactMatch("occupation")),
        ],
        certain=(
            block_on("first_name", "surname", "dob"),
            block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
            block_on("dob", "postcode_fake"),
        ),
        recall=0.6,
        sampled=1e7,
        trained=(block_on("first_name", "surname"), block_on("dob")),
        least=None,
        joined=0.95,
    ),
    "people_8_sources": Demo(
        basis="ours, none published: febrl3's comparisons and its one location, blocks of several columns as for 50k persons",
        select=f"record_id AS key, * EXCLUDE (record_id) REPLACE ({ONE_DATE} AS date_of_birth)",
        blocks=(
            block_on("ssn"),
            block_on("substr(first_name,1,3)", "substr(last_name,1,4)"),
            block_on("last_name", "date_of_birth"),
            block_on("first_name", "date_of_birth"),
            block_on("street_number", "street_name", "first_name"),
            block_on("street_number", "street_name", "last_name"),
            block_on("date_of_birth", "street_number"),
        ),
        compared=lambda: [
            often(cl.NameComparison("first_name")),
            often(cl.NameComparison("last_name")),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%m/%d/%Y"),
            cl.DamerauLevenshteinAtThresholds("ssn", [2]),
            cl.ExactMatch("middle_initial"),
            cl.ExactMatch("sex"),
            often(cl.ExactMatch("street_number")),
        ],
        certain=(block_on("ssn"), block_on("first_name", "last_name", "date_of_birth")),
        recall=0.7,
        sampled=1e7,
        trained=(block_on("first_name", "last_name"), block_on("date_of_birth"), block_on("ssn")),
        least=None,
        joined=0.95,
    ),
    "omnichannel_events": Demo(
        basis="ours, none published: blocks of equal identifiers and of names, whose equality is compared too",
        select="event_id AS key, * EXCLUDE (event_id), first_name || ' ' || last_name AS both_names",
        blocks=(
            *map(block_on, ("email", "phone", "loyalty_id", "device_id", "cookie_id")),
            block_on("first_name", "last_name"),
            block_on("last_name", "date_of_birth"),
        ),
        compared=lambda: [
            cl.ForenameSurnameComparison(
                "first_name", "last_name", forename_surname_concat_col_name="both_names"
            ),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%m/%d/%Y"),
            cl.EmailComparison("email"),
            often(cl.ExactMatch("phone")),
            often(cl.ExactMatch("loyalty_id")),
            often(cl.ExactMatch("device_id")),
            often(cl.ExactMatch("cookie_id")),
            often(cl.ExactMatch("street")),
        ],
        certain=tuple(map(block_on, ("loyalty_id", "email", "cookie_id"))),
        recall=0.8,
        sampled=1e7,
        trained=(block_on("email"), block_on("cookie_id"), block_on("loyalty_id")),
        least=None,
        joined=0.95,
    ),
}


def registered(demo: Demo, file: Path) -> list[Any]:
    """The records of a file as Splink's frames: one, or one for each source."""
    con = duckdb.connect()
    rows = con.sql(f"SELECT {demo.select} FROM read_parquet('{file}')")
    parts = [rows]
    if demo.by_source:
        names = sorted(name for (name,) in rows.project("source").distinct().fetchall())
        parts = [rows.filter(f"source = '{name}'").project("* EXCLUDE (source)") for name in names]
    api = DuckDBAPI(connection=con)
    return [api.register(part.to_arrow_table()) for part in parts]


def linked(demo: Demo, frames: list[Any]) -> tuple[Any, Any]:
    """Scored pairs, and clusters."""
    settings = SettingsCreator(
        unique_id_column_name=KEY,
        link_type=demo.link_type,
        blocking_rules_to_generate_predictions=list(demo.blocks),
        comparisons=demo.compared(),
        retain_intermediate_calculation_columns=True,  # as the published settings do
    )
    linker = Linker(frames if demo.by_source else frames[0], settings)
    training = linker.training
    training.estimate_probability_two_random_records_match(list(demo.certain), recall=demo.recall)
    training.estimate_u_using_random_sampling(max_pairs=demo.sampled, seed=demo.seed)
    for rule in demo.trained:
        training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=demo.plain_training
        )
    pairs = linker.inference.predict(threshold_match_probability=demo.least)
    groups = linker.clustering.cluster_pairwise_predictions_at_threshold(
        pairs, threshold_match_probability=demo.joined
    )
    return pairs, groups


def compared(demo: Demo, frames: list[Any]) -> int:
    """How many pairs the blocks give."""
    steps = count_comparisons_from_blocking_rules(
        frames if demo.by_source else frames[0],
        blocking_rules=list(demo.blocks),
        link_type=demo.link_type,
        unique_id_column_name=KEY,
        source_dataset_column_name="source_dataset" if demo.by_source else None,
        record_sample_proportion=1.0,
    )
    return int(steps[-1]["cumulative_comparison_count"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=sorted(DEMOS))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    started, demo = time.perf_counter(), DEMOS[given.name]
    frames = registered(demo, given.data / f"{given.name}.parquet")
    pairs, groups = linked(demo, frames)
    clusters = groups.query_sql("SELECT count(DISTINCT cluster_id) AS n FROM {this}").as_record_list()[0]["n"]
    said = {
        "seconds": time.perf_counter() - started,
        "clusters": clusters,
        "version": splink.__version__,
        "basis": demo.basis,
    }
    if given.out:
        keys = f"{KEY}_l AS a, {KEY}_r AS b, match_weight AS weight"
        pairs.query_sql(f"SELECT {keys} FROM {{this}}").to_parquet(str(given.out), overwrite=True)
        said["pairs"] = compared(demo, frames)
    print(json.dumps(said))


if __name__ == "__main__":
    main()
