"""A small club with known truth: matches right and wrong, a shared landline, a refused card, a device by elimination."""

from __future__ import annotations

TOML = """
[project]
region = "GB"
[graph]
build = false
[identifiers.loyalty_id]
unique = true
[sources.members]
shape = "records"
files = "members.csv"
key = "no"
[sources.members.identifiers]
loyalty_id = "card"
phone = "phone"
[sources.members.traits]
first_name = "first"
last_name = "last"
birth_date = "born"
street = "street"
[sources.till]
shape = "events"
files = "till.csv"
key = "slip"
time = "time"
kind = "kind"
[sources.till.identifiers]
loyalty_id = "card"
device_id = "device"
ip = "home"
"""
_FIRST = ["Ada", "Bruno", "Katherine", "Jon", "Priya", "Owen", "Lucia", "Yusuf", "Harriet", "Stefan"]
_LAST = ["Marsh", "Fairweather", "Keller", "Haddad", "Pritchard", "Delgado", "Okafor", "Osborne"]
MEMBERS = "no,card,phone,first,last,born,street\n" + "".join(
    f"m{n},L{n},,{_FIRST[n % 10]},{_LAST[n % 8]},19{40 + n}-0{1 + n % 9}-1{n % 10},{n} Mill Lane\n"
    for n in range(40)
)
# r0 is m0 again without a card; r1 and r2 are two persons with one landline.
AGAIN = (
    "r0,,,Ada,Marsh,1940-01-10,0 Mill Lane\n"
    "r1,,020 7946 0018,Wilma,Stone,1950-05-05,1 Quay\nr2,,020 7946 0018,Otto,Stone,1980-06-06,1 Quay\n"
)
# A card on a device of somebody else, and a device at m7's home that nobody signed in on.
TILL = """slip,time,kind,card,device,home
t1,2026-01-01,login,L5,d5,
t2,2026-01-02,login,L5,d5,
t3,2026-01-03,page,L6,d5,
t4,2026-01-01,login,L7,d7,192.0.2.9
t5,2026-01-02,page,,d8,192.0.2.9
"""
TRUTH = "source,key,entity\n" + "".join(f"members,m{n},P{n}\n" for n in range(40))
