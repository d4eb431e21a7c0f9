"""The catalog, coming and leaving."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from opsterm.core.session import Rejected
from opsterm.obligations.obligation import complete, owe
from opsterm.records import Deployment, Obligation, Person, System, Vendor
from opsterm.registers.systems import backstage
from opsterm.registers.systems.backstage import read_documents, read_entities
from opsterm.registers.systems.catalog import (
    critical_systems,
    export_csv,
    gaps,
    hang_on_it,
    hangs_on,
    import_backstage,
    import_csv,
    systems,
)
from opsterm.registers.teams.onboarding import hand_over, held_by, map_of, milestones, sole_actors, welcome
from opsterm.registers.vendors.vendor_file import import_vendors
from tests.support.bench import HEADER, TODAY, Bench, csv_of, refusal

SYSTEMS = "name,team,criticality,depends_on"
CATALOG = b"""# The shop
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: checkout
  description: |
    Sells things
    # no comment
  annotations:
    opsterm/criticality: "1"
  links:
    - url: https://x.example/y
      title: Board # of the shop
spec:
  owner: group:default/shop
  dependsOn:
  - component:default/pay
  - resource:db-1
---
kind: Resource
metadata: {}
"""


def test_backstage_is_read(bench: Bench) -> None:
    text = CATALOG.replace(b"metadata: {}", b"metadata:\n  name: 'db-1'\nspec: {owner: x}").decode()
    first, second = read_entities(text, "catalog-info.yaml")
    assert (first.name, first.owner, first.depends_on) == ("checkout", "shop", ("pay", "db-1"))
    assert first.text == "Sells things # no comment"
    assert second.name == "db-1"
    import_backstage(bench.as_("mia"), text.encode(), "catalog-info.yaml")
    assert [(s.name, s.team, s.criticality) for s in systems(bench.board)] == [
        ("checkout", "shop", 1),
        ("db-1", "x", 0),
    ]
    assert critical_systems(bench.board) == {"checkout", "pay", "db-1"}
    assert list(gaps(bench.board)) == ["checkout depends on pay, not in the catalog"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (CATALOG.decode(), "has no metadata.name"),
        ("kind: &a X", "row 1"),
        ("kind: !!python/object:os.system x", "row 1"),
        ("a:\n\tb: 1", "row 2"),
        ("a: 1\na: 2", "row 2"),
        ("a: 1\n   b: 2\nnot a key", "row 2"),
        ("a: 1\nb: 2\nnot a key\nc: 3", "row 3, column 1"),
        ("a: 1\nb: 'open\nc: 3\n", "row 2, column 4"),
        ("a: 1\nb: [x,\n y\nc: 3\n", "row 4"),
        ("a: 1\n[b]: 2", "row 2, column 1: a key is a text"),
        ("é: 1\né: \x07", r"row 2: .* \(U\+0007\)"),
        ("a: &x [1]\nb: [*x, *x]", "row 1, column 4: anchors"),
        ("a: [*x, *x]", "row 1, column 5: anchors"),
        ("a: 1\nb: ! 2", "row 2, column 4: anchors"),
        ("a: " + "[" * 60, "too deep"),
        ("a:\n" + "".join(f"{' ' * n}k:\n" for n in range(1, 60)), "too deep"),
    ],
)
@pytest.mark.parametrize("loader", ["CBaseLoader", "BaseLoader"])
def test_what_it_does_not_read_is_refused_with_its_row(
    text: str, place: str, loader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backstage, "_LOADER", getattr(yaml, loader))
    with pytest.raises(Rejected, match=place):
        read_entities(text, "c.yaml")


def test_a_file_of_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backstage, "NODES_MAX", 6)
    assert read_documents("a: [x, x, x]", "c.yaml") == [{"a": ["x", "x", "x"]}]
    with pytest.raises(Rejected, match="row 2, column 3: it holds more than 6 values"):
        read_documents("a: [x, x, x,\n  x]", "c.yaml")


def test_every_scalar_is_the_text_that_stands_there() -> None:
    text = "a: {b: yes, c: [1.10, 2026-01-01, ~]}\nd: plain\n  over lines\ne: >\n  block\n  text\nf:\n---\n<<: 0x10\n"
    assert read_documents(text, "c.yaml") == [
        {"a": {"b": "yes", "c": ["1.10", "2026-01-01", "~"]}, "d": "plain over lines", "e": "block text\n", "f": ""},
        {"<<": "0x10"},
    ]


def test_what_a_text_escapes_does_not_act() -> None:
    (entity,) = read_entities('kind: "Com\\e[2Jponent"\nmetadata: {name: "che\\e[1mck\\nout"}', "c.yaml")
    assert entity.name == "che[1mck out"


@given(st.text(alphabet="ab:-[]{}'\"#|>&*! \n", max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert "\n" not in refusal(lambda: read_documents(text, "c.yaml"))


def test_a_csv_and_its_trees(bench: Bench) -> None:
    session = bench.as_("mia")
    rows = ("checkout,shop,1,pay;db", "pay,money,,db", "db,,,checkout", "wiki,,3,")
    import_csv(session, csv_of(SYSTEMS, *rows), "s.csv")
    assert [(n.name, n.depth, n.again) for n in hangs_on(bench.board, "Checkout")] == [
        ("checkout", 0, False),
        ("pay", 1, False),
        ("db", 2, False),
        ("checkout", 3, True),
        ("db", 1, True),
    ]
    assert "pay" in [n.name for n in hang_on_it(bench.board, "db")]
    assert critical_systems(bench.board) == {"checkout", "pay", "db"}
    version = bench.board.version
    import_csv(session, "".join(export_csv(bench.board)).encode(), "s.csv")
    assert bench.board.version == version
    with pytest.raises(Rejected, match="row 2, column criticality"):
        import_csv(session, csv_of(SYSTEMS, "x,y,very,"), "s.csv")


def test_a_newcomer_has_dated_milestones(bench: Bench) -> None:
    session = bench.as_("mia")
    welcome(session, "Zoe", "2026-03-02", buddy="ben")
    steps = milestones(bench.board, "zoe")
    assert [step.due_on for step in steps] == ["2026-03-09", "2026-03-16", "2026-03-30", "2026-04-13", "2026-04-27"]
    bench.on(date(2026, 3, 10))
    first = next(o for o in bench.board.all(Obligation) if "/week/" in o.id)
    complete(session, first, "all done")
    assert (milestones(bench.board, "zoe")[0].done_on, milestones(bench.board, "zoe")[0].took) == ("2026-03-10", 6)
    assert "Nothing on record yet." in map_of(bench.board, TODAY)


def test_all_that_a_person_owns_goes_to_another(bench: Bench) -> None:
    session = bench.as_("mia")
    row = "A,,x,1,Noor,2026-12-31,3 months,tacit,12 months,40,EUR,checkout"
    import_vendors(session, csv_of(HEADER, row), "v.csv")
    import_csv(session, csv_of(SYSTEMS + ",owner", "checkout,shop,1,,noor"), "s.csv")
    owe(session, "Write it up", "2026-03-01", owner="noor")
    assert [h.kind for h in held_by(bench.board, "NOOR")] == ["contract", "system", "obligation"]
    hand_over(session, "noor", "ben", TODAY)
    assert not held_by(bench.board, "noor")
    assert len(held_by(bench.board, "ben")) == 3
    assert bench.one(Vendor, "vendor:a").owner == "ben"
    assert bench.one(Person, "person:noor").heir == "ben"
    with pytest.raises(Rejected, match="name another"):
        hand_over(session, "ben", "Ben", TODAY)


def test_a_critical_system_that_one_person_alone_acted_on(bench: Bench) -> None:
    session = bench.as_("mia")
    import_csv(session, csv_of(SYSTEMS, "checkout,shop,1,", "wiki,,3,"), "s.csv")
    for person in ("noor", "noor"):
        session.create(Deployment, "", {"systems": ["Checkout", "wiki"], "state": "done", "owner": person})
    assert [(s.person, s.acts) for s in sole_actors(bench.board)] == [("noor", 2)]
    session.create(Deployment, "", {"systems": ["checkout"], "state": "done", "owner": "ben"})
    assert not sole_actors(bench.board)


def test_a_record_names_the_file_that_it_was_last_taken_from(bench: Bench) -> None:
    for file, team in (("a.csv", "shop"), ("b.csv", "shop"), ("c.csv", "pay")):
        import_csv(bench.mia, csv_of(SYSTEMS, f"web,{team},1,"), file)
        import_vendors(bench.mia, csv_of(HEADER, f"A,,x,1,{team},,,none,,5,EUR,web"), file)
        wanted = "a.csv" if team == "shop" else file
        assert ({item.source for item in bench.board.all(System)}, bench.board.all(Vendor)[0].source) == (
            {wanted},
            wanted,
        )
