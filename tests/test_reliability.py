"""A run may end at any moment: what was finished stays, what was not leaves nothing behind, the next run completes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "sources"))
from shop import Shop, partition

from scvgraph.errors import StoreError, StoreLocked, StoreTooNew
from scvgraph.store import Ledger

SOURCES = """
[sources.web]
shape = "events"
files = "web-*.csv"
key = "id"
time = "at"
[sources.web.identifiers]
email = "mail"
cookie_id = "cookie"
phone = "phone"
[sources.crm]
shape = "records"
files = "crm.csv"
encoding = "cp1252"
key = "no"
[sources.crm.identifiers]
email = "mail"
phone = "phone"
[sources.crm.traits]
name = "name"
"""
# What a killed process runs: with a number, it kills itself at that many flushes, renames and deletions of files.
CHILD = """
import os, shutil, signal, sys
from pathlib import Path
left = int(sys.argv[2])
def fatal(function):
    def counted(*args, **also):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **also)
    return counted
if left:
    os.fsync, shutil.rmtree, Path.unlink = fatal(os.fsync), fatal(shutil.rmtree), fatal(Path.unlink)
    Path.replace, Path.rename, Path.mkdir = fatal(Path.replace), fatal(Path.rename), fatal(Path.mkdir)
from scvgraph.config import load
from scvgraph.pipeline import run
print("ready", flush=True)
run(load(sys.argv[1]))
print("done", left, flush=True)
"""


def web(first, last):
    rows = [
        f"{n},2025-01-{n % 28 + 1:02},u{n % 40}@x.com,c{n % 90},{'020 7946 0' + str(100 + n % 60)}\n"
        for n in range(first, last)
    ]
    return "id,at,mail,cookie,phone\n" + "".join(rows) + f"bad{last},never,,,\n"


def make(folder):
    shop = Shop(
        folder, SOURCES, '[project]\nname = "shop"\nregion = "GB"\nthreads = 1\n[graph]\nbuild = false\n'
    )
    shop.put("web-1.csv", web(0, 300))
    shop.put(
        "crm.csv", "no,mail,phone,name\n1,u1@x.com,020 7946 0999,Jos\u00e9\n2,nobody,,Ann\n".encode("cp1252")
    )
    return shop


def second_day(shop):
    """A further file, and a corrected one."""
    shop.put("web-2.csv", web(250, 500))
    shop.put(
        "crm.csv",
        "no,mail,phone,name\n1,u2@x.com,020 7946 0998,Jos\u00e9\n2,ann@x.com,,Ann\n3,N/A,,Bo\n".encode(
            "cp1252"
        ),
    )


def child(shop, left=0):
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(shop.folder), str(left)], stdout=subprocess.PIPE, text=True, env=env
    )


def table_counts(store):
    with store.generation().engine() as engine:
        return [
            engine.one(f"SELECT count(*) FROM {table}")
            for table in ("events", "records", "rejects", "files", "rows", "touchpoints")
        ]


def litter(store):
    """Everything below the store that no manifest names."""
    ledger = store.ledger()
    named = {
        *ledger.spellings,
        *ledger.profiles,
        *ledger.rejects,
        *ledger.superseded,
        *(s.path for s in ledger.segments),
        *(c.path for c in ledger.cleaned),
    }
    found = {
        str(path.relative_to(store.folder / "ledger")) for path in (store.folder / "ledger").glob("*/*")
    } - named
    current = store.current() or 0
    wanted = {f"{n:06d}" for n in (current - 1, current)}
    found |= {path.name for path in (store.folder / "generations").iterdir()} - wanted
    found |= {path.name for path in store.folder.iterdir()} - {
        "ledger",
        "generations",
        "lineage",
        "store.json",
        "current.json",
        "lock",
    }
    found |= {str(path) for path in store.folder.rglob("*.new")}
    found |= {
        path.name
        for path in (store.folder / "ledger").iterdir()
        if path.is_dir() and int(path.name) > ledger.batch
    }
    # A segment whose rows were all known is written and not named: only an empty one may remain.
    return {name for name in found if not name.split("/")[-1].startswith(("events-", "records-"))}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """What two runs that nobody disturbs give: customers and counts after each."""
    shop = make(tmp_path_factory.mktemp("undisturbed"))
    shop.run()
    first = shop.partition(), table_counts(shop.store)
    second_day(shop)
    shop.run()
    assert litter(shop.store) == set()
    return first, (shop.partition(), table_counts(shop.store))


def check_after_kill(shop, undisturbed):
    """The first generation is whole, or the second is; then the next run ends where it should."""
    first, second = undisturbed
    store = shop.store
    Ledger.read(store.folder / "ledger")
    assert store.current() in (1, 2)
    assert (partition(store), table_counts(store)) == (first if store.current() == 1 else second)
    shop.run()
    assert (partition(store), table_counts(store)) == second
    assert store.current() == 2
    assert litter(store) == set()


def copy_of(shop, folder):
    subprocess.run(["cp", "-r", str(shop.folder), str(folder)], check=True)
    copy = object.__new__(Shop)
    copy.folder = folder
    return copy


@pytest.fixture(scope="module")
def day_two(tmp_path_factory):
    """A store after its first run, the files of the second day in place."""
    shop = make(tmp_path_factory.mktemp("day"))
    shop.run()
    second_day(shop)
    return shop


def test_killed_at_a_write(day_two, undisturbed, tmp_path):
    """Killed at any flush, rename or deletion: the generation before is readable and the next run completes."""
    whole = copy_of(day_two, tmp_path / "whole")
    with child(whole, 1_000_000) as process:
        steps = 1_000_000 - int(process.stdout.read().split()[-1])
    assert steps > 20
    chosen = sorted(
        {*range(1, 4), *range(steps - 4, steps + 1), *random.Random(7).sample(range(4, steps - 4), 5)}
    )
    for step in chosen:
        shop = copy_of(day_two, tmp_path / f"step{step}")
        with child(shop, step) as process:
            process.stdout.read()
        assert process.returncode == -signal.SIGKILL, step
        check_after_kill(shop, undisturbed)


def test_killed_at_any_moment(day_two, undisturbed, tmp_path):
    """Killed after a random time: the same."""
    with child(copy_of(day_two, tmp_path / "whole")) as process:
        process.stdout.readline()
        start = time.perf_counter()
        process.stdout.read()
        duration = time.perf_counter() - start
    moments = random.Random(3)
    for attempt in range(10):
        shop = copy_of(day_two, tmp_path / f"attempt{attempt}")
        with child(shop) as process:
            process.stdout.readline()
            time.sleep(moments.uniform(0, duration))
            process.kill()
        check_after_kill(shop, undisturbed)


def test_one_writer_and_any_reader(day_two, tmp_path):
    """While a run holds the lock another is told its process, and readers read."""
    shop = copy_of(day_two, tmp_path / "shop")
    seen = []

    def tell(_):
        if not seen:
            with child(shop) as process:
                process.communicate()
            seen.append(process.returncode)
            with pytest.raises(StoreLocked, match=f"process {os.getpid()} "):
                shop.run()
            seen.append(table_counts(shop.store))

    shop.run(tell=tell)
    assert seen[0] != 0
    assert seen[1]


FULL = """
import resource, sys
from scvgraph.errors import ScvgraphError
from scvgraph.config import load
from scvgraph.pipeline import run
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    run(load(sys.argv[1]))
except ScvgraphError as error:
    print(error)
    sys.exit(error.exit_code)
"""


@pytest.mark.parametrize("room", [100, 700, 2500])
def test_a_full_disk(day_two, undisturbed, tmp_path, room):
    """Without room to write, the run says so and ends; what was finished stays, and with room again all is done."""
    shop = copy_of(day_two, tmp_path / "shop")
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(shop.folder), str(room)],
        capture_output=True,
        text=True,
        env=env,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "disk full while writing" in done.stdout
    assert "Traceback" not in done.stderr
    assert shop.store.current() == 1
    check_after_kill(shop, undisturbed)


def test_stores_that_cannot_be_used(day_two, tmp_path):
    """A newer format, a damaged manifest, a file in the store's place, a folder nobody may write: one sentence each."""
    shop = copy_of(day_two, tmp_path / "shop")
    folder = shop.store.folder
    about, manifest = (folder / "store.json").read_text(), (folder / "ledger/ledger.json").read_text()
    (folder / "store.json").write_text('{"format": 999}')
    with pytest.raises(StoreTooNew, match="upgrade"):
        shop.run()
    for broken in ("", "[]", "{}"):
        (folder / "store.json").write_text(broken)
        with pytest.raises(StoreError, match=r"store\.json is damaged"):
            shop.run()
    (folder / "store.json").write_text(about)
    for broken in (manifest[:100], "{}"):
        (folder / "ledger/ledger.json").write_text(broken)
        with pytest.raises(StoreError, match=r"ledger\.json is damaged"):
            shop.run()
    (folder / "ledger/ledger.json").write_text(manifest)
    segment = next(folder.glob("ledger/000001/spellings*"))
    segment.write_bytes(segment.read_bytes()[:50])
    with pytest.raises(StoreError, match="last finished generation is as it was"):
        shop.run()
    shop.declare(SOURCES, '[project]\nstore = "web-1.csv"\n')
    with pytest.raises(StoreError, match="cannot make a store"):
        shop.run()
    shop.declare(SOURCES, '[project]\nstore = "/proc/nowhere"\n')
    with pytest.raises(StoreError, match="cannot make a store"):
        shop.run()


def test_nothing_at_all_is_a_generation(tmp_path):
    """Files without rows make a generation without customers, and later rows are taken in."""
    shop = Shop(tmp_path)
    shop.put("web.csv", "id,at,amount,mail,cookie,note\n")
    shop.run()
    assert (partition(shop.store), table_counts(shop.store)) == (set(), [0, 0, 0, 1, 0, 0])
    shop.put("web.csv", "id,at,amount,mail,cookie,note\n1,2025-01-01,1,a@x.com,c1,n\n")
    shop.run()
    assert partition(shop.store) == {frozenset({"email:a@x.com", "cookie_id:c1"})}
