"""Which tables are lists of edges, by what their columns are; nothing that such a list says of its edges is lost."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from explorer.columns import LINKED_FROM, LINKS, LINKS_TO, linked, told_edges
from explorer.errors import NothingUsable
from explorer.ingest import load, preview
from explorer.questions.edges import edges_of
from explorer.types import Dataset

CITIES = "Berlin Paris Rome Madrid London Oslo Wien Prag Lyon Porto".split()  # noqa: SIM905
PEOPLE = [f"{first} {last}" for first in ("Anna", "Bert", "Cleo", "Dora") for last in ("Adams", "Brown", "Clark")]
ODD = ["007", "1.0", "1e5", "nan", "NULL", "None", "true", "-", "ä", "a\u0308", "ANNA brown", "two  blanks", "x" * 700]


def as_table(path: Path, head: str, rows: list[list[str]]) -> Path:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head.split(","), *rows])
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def way(dataset: Dataset) -> tuple[str, bool]:
    found = next(choice for choice in dataset.choices if choice.name == "as")
    assert found.sure or found.why
    return found.value, found.sure


def one_of(kind: str, chance: random.Random) -> str:
    made = {
        "city": lambda: chance.choice(CITIES),
        "person": lambda: chance.choice(PEOPLE),
        "number": lambda: str(chance.randint(0, 30)),
        "amount": lambda: f"{chance.randint(5, 900)}.{chance.randint(10, 99)}",
        "date": lambda: f"2024-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
        "kind": lambda: chance.choice(["knows", "likes", "pays"]),
        "words": lambda: f"for the {chance.choice(['rent', 'new car', 'old house'])} of {chance.choice(CITIES)}",
        "gift": lambda: chance.choice(["rent", "a gift", "food shopping", "dinner in town"]),
        "flag": lambda: chance.choice("01"),
        "channel": lambda: chance.choice(["web", "app", "shop"]),
    }
    return made[kind]()


@pytest.mark.parametrize(
    ("head", "kinds", "expected"),
    [
        ("source,target", "person person", ("graph", True)),
        ("source,target,weight", "person person number", ("graph", True)),
        ("Source,Target,Type,Id,Label,Weight", "person person kind number kind number", ("graph", True)),
        ("from,to", "city city", ("graph", True)),
        ("node1,node2", "city person", ("graph", False)),
        ("head,relation,tail", "person kind person", ("graph", True)),
        ("source,target,price,relation,date", "person person number kind date", ("graph", False)),
        ("from,to,price,carrier,date", "city city number kind date", ("table", False)),
        ("from,to,factor", "city city amount", ("table", False)),
        ("source,destination,fare", "city city amount", ("table", False)),
        ("from,to,amount,text", "person person amount gift", ("table", True)),
        ("from,to,amount,reference", "person person amount words", ("table", True)),
        ("from,to,subject,date", "person person words date", ("table", True)),
        ("from,to,event", "date date kind", ("table", True)),
        ("from,to,rate,city", "amount amount number city", ("table", True)),
        ("x1,x2,source,target", "amount amount channel flag", ("table", True)),
        ("source,target,label", "person person words", ("table", True)),
        ("source,target,a,b,c,d", "person person number kind kind date", ("table", True)),
    ],
)
def test_the_columns_decide_whether_rows_or_their_ends_are_the_items(tmp_path, head, kinds, expected) -> None:
    for seed in range(2):
        chance = random.Random(seed)
        rows = [[one_of(kind, chance) for kind in kinds.split()] for _ in range(chance.choice([60, 150, 300]))]
        path = as_table(tmp_path / f"{seed}.csv", head, rows)
        dataset = load(path)
        assert way(dataset) == expected, seed
        other = "table" if expected[0] == "graph" else "graph"
        again = load(path, choices={"as": other})
        assert way(again) == (other, True)
        assert (again.given is None) is (other == "table")


def everything_told(dataset: Dataset) -> Counter[tuple[tuple[str, str], ...]]:
    """Return every edge that cells tell of, with its ends, as often as it is told."""
    column = LINKS_TO if LINKS_TO in dataset.table.columns else LINKS
    ids = dataset.table["id"] if "id" in dataset.table.columns else dataset.items
    found: Counter[tuple[tuple[str, str], ...]] = Counter()
    for own, cell in zip(map(str, ids), dataset.table[column], strict=True):
        for other, edges in told_edges(cell).items():
            ends = (own, other) if column == LINKS_TO else tuple(sorted((own, other)))
            for edge in edges:
                found[(("", ends[0]), ("", ends[1]), *sorted(edge.items()))] += 1
    return found


@pytest.mark.parametrize("seed", range(15))
def test_nothing_that_a_list_says_of_its_edges_is_lost(tmp_path, seed) -> None:
    chance = random.Random(seed)
    directed = chance.random() < 0.5
    names = [*PEOPLE, *chance.sample(ODD, 6)]
    kinds = {"price": "amount", "relation": "kind", "day": "date", "note": "words"}
    own = chance.sample(sorted(kinds), chance.randint(1, 3))
    weighted = chance.random() < 0.5
    head = ["source", "target", *own, *["weight"] * weighted]
    rows = []
    for _ in range(chance.randint(30, 120)):
        said = ["" if chance.random() < 0.1 else one_of(kinds[name], chance) for name in own]
        rows.append([chance.choice(names), chance.choice(names), *said, *[str(chance.randint(1, 9))] * weighted])
    asked = {"as": "graph", "edges": "directed" if directed else "undirected"}
    dataset = load(as_table(tmp_path / "a.csv", ",".join(head), rows), choices=asked)

    expected: Counter[tuple[tuple[str, str], ...]] = Counter()
    lonely = {name for name in names if not any(name in row[:2] and row[0] != row[1] for row in rows)}
    for row in rows:
        ends = row[:2] if directed else sorted(row[:2])
        if set(ends) & lonely:
            continue
        said = sorted((name, value) for name, value in zip(own, row[2:], strict=False) if value)
        times = 1 if directed or ends[0] == ends[1] else 2
        expected[(("", ends[0]), ("", ends[1]), *said)] += times
    assert everything_told(dataset) == expected

    ids = set(map(str, dataset.table["id"] if "id" in dataset.table.columns else dataset.items))
    for name in {LINKS, LINKS_TO, LINKED_FROM} & set(dataset.table.columns):
        for cell in dataset.table[name]:
            assert set(linked(cell)) <= ids
    if "price" in own:
        at = list(map(str, dataset.items)).index(next(row[0] for row in rows if row[0] not in lonely))
        price = 2 + own.index("price")
        mine = [float(row[price]) for row in rows if str(dataset.items[at]) in row[:2] and row[price]]
        if mine:
            assert float(dataset.table["price (sum)"][at]) == pytest.approx(sum(mine))
            assert float(dataset.table["price (mean)"][at]) == pytest.approx(sum(mine) / len(mine))


def test_nodes_called_nearly_alike_stay_apart_or_it_is_said(tmp_path) -> None:
    names = ["Anna", "anna", "Bo\u0308", "Bö", "Cleo", "D  E", "D E"]
    rows = [[one, other] for one in names for other in names if one != other]
    dataset = load(as_table(tmp_path / "a.csv", "source,target", [*rows, ["Anna ", "Cleo"], ["\u00a0Cleo", "anna"]]))
    assert sorted(map(str, dataset.items)) == sorted(names)
    told = [fault.reason for fault in dataset.rejected]
    assert any("“Anna ”, “\u00a0Cleo” are the same nodes as without the blanks around the name" in one for one in told)
    alike = next(one for one in told if "each is a node of its own" in one)
    for pair in ("“Anna” and “anna”", "“D  E” and “D E”", "“Bo\u0308” and “Bö”"):
        assert pair in alike


def test_graphml_keeps_what_is_said_of_edges_and_ids_with_blanks(tmp_path) -> None:
    edges = "".join(
        f'<edge source="n{at}" target="n{(at * 3 + 1) % 7} "><data key="d">day {at}</data></edge>' for at in range(7)
    )
    nodes = "".join(f'<node id="n{at}{blank}"/>' for at in range(7) for blank in ("", " "))
    whole = f'<key id="d" for="edge" attr.name="when"/><graph edgedefault="directed">{nodes}{edges}</graph>'
    (tmp_path / "a.graphml").write_text(f"<graphml>{whole}</graphml>")
    dataset = load(tmp_path / "a.graphml")
    found = everything_told(dataset)
    assert sum(found.values()) == 7
    assert (("", "n2"), ("", "n0 "), ("when", "day 2")) in found
    assert any("“n0” and “n0 ”" in fault.reason for fault in dataset.rejected)


def test_the_edges_of_a_node_say_what_the_file_says_of_them(tmp_path) -> None:
    rows = [["Anna", "Bert", "12", "rent"], ["Anna", "Bert", "8", "food"], ["Bert", "Anna", "3", ""]]
    rows += [[one, other, "1", "gift"] for one in ("Cleo", "Dora", "Emil") for other in ("Anna", "Bert", "Cleo")]
    for directed in ("directed", "undirected"):
        asked = {"as": "graph", "edges": directed}
        dataset = load(as_table(tmp_path / "a.csv", "source,target,amount,why", rows), choices=asked)
        at = {str(name): row for row, name in enumerate(dataset.items)}
        for one, other in (("Anna", "Bert"), ("Bert", "Anna")):
            found = edges_of(SimpleNamespace(dataset=dataset), at[one])
            assert found is not None
            between = next(edge for edge in found[0] if edge.row == at[other])
            assert between.way == "both"
            assert sorted(told["amount"] for told in between.told) == ["12", "3", "8"]
            assert {"amount": "3"} in between.told
            assert at[one] not in {edge.row for edge in found[0]}


def test_a_preview_judges_by_the_same_rows_as_what_is_loaded(tmp_path) -> None:
    chance = random.Random(0)
    rows = [[f"n{chance.randint(0, 4000)}", f"n{chance.randint(0, 4000)}"] for _ in range(5_000)]
    path = as_table(tmp_path / "a.csv", "source,target", rows)
    seen = {choice.name: choice.value for choice in preview(path).choices}
    assert seen["as"] == way(load(path))[0] == "graph"


def words(chance: random.Random) -> list[list[str]]:
    """Return words beside their translations: some are the same in both languages, some have two, some come again."""
    same = ["taxi", "bus", "hotel", "radio"]
    rows = []
    for at in range(chance.choice([8, 60])):
        pair = [f"w{chr(97 + at % 26)}rd {at}"[: chance.choice([4, 9])] + f"x{at}", f"wort y{at}"]
        rows.append([word := chance.choice(same), word] if chance.random() < 0.4 else pair)
        rows += [pair] * (chance.random() < 0.3)
        rows += [[pair[0], f"zweites {at}"]] * (chance.random() < 0.1)
    return rows


def links(chance: random.Random) -> list[list[str]]:
    n = chance.choice([8, 40])
    tree = [[str(chance.randrange(at)), str(at)] for at in range(1, n)]
    drawn = [[str(chance.randrange(n)), str(chance.randrange(n))] for _ in range(3 * n)]
    few = [chance.sample(range(n), 2) for _ in range(n)]
    contacts = [list(map(str, chance.choice(few))) for _ in range(5 * n)]
    return chance.choice([tree, drawn, contacts])


@pytest.mark.parametrize("seed", range(12))
def test_words_beside_their_translations_are_no_edges_and_edges_are(tmp_path, seed) -> None:
    chance = random.Random(seed)
    dictionary = load(as_table(tmp_path / "w.csv", "source,target", words(chance)))
    assert dictionary.given is None or not way(dictionary)[1]
    assert way(load(as_table(tmp_path / "e.csv", "source,target", links(chance)))) == ("graph", True)


def test_pairs_of_words_some_alike_in_both_languages_are_a_table(tmp_path) -> None:
    rows = [["taxi", "taxi"], ["bus", "bus"], ["Hund", "dog"], ["Katze", "cat"], ["hotel", "hotel"], ["radio", "radio"]]
    dataset = load(as_table(tmp_path / "a.csv", "source,target", rows))
    assert len(dataset.items) == 6
    assert dataset.given is None


@pytest.mark.parametrize("head", ["citing,cited", "sender,recipient", "a,b,weight"])
def test_two_columns_without_a_text_that_name_the_same_things_are_edges(tmp_path, head) -> None:
    chance = random.Random(1)
    rows = [[f"P{chance.randint(1, 15)}", f"P{chance.randint(1, 15)}", "2"][: len(head.split(","))] for _ in range(40)]
    path = as_table(tmp_path / "a.csv", head, rows)
    dataset = load(path)
    assert way(dataset) == ("graph", head.startswith("citing"))
    assert {choice.name: choice.value for choice in preview(path).choices}["as"] == "graph"
    with pytest.raises(NothingUsable, match="read it as a graph"):
        load(path, choices={"as": "table"})


@pytest.mark.parametrize("head", ["person,friend,weight", "Mitarbeiter,Kollege", "home,away,count"])
@pytest.mark.parametrize("seed", range(3))
def test_names_that_read_like_texts_are_ends_where_both_columns_have_the_same(tmp_path, head, seed) -> None:
    chance = random.Random(seed)
    rows = [[*chance.sample(PEOPLE, 2), "2"][: len(head.split(","))] for _ in range(60)]
    dataset = load(as_table(tmp_path / "a.csv", head, rows))
    assert way(dataset) == ("graph", False)
    assert set(dataset.items) <= set(PEOPLE)


@pytest.mark.parametrize("seed", range(3))
def test_texts_in_two_columns_are_no_ends(tmp_path, seed) -> None:
    chance = random.Random(seed)
    tables = {
        "question,label": [[one_of("words", chance), one_of("gift", chance)] for _ in range(60)],
        "text,corrected": [
            [text := f"{at} {one_of('words', chance)}", text if at % 3 else f"{text}!"] for at in range(60)
        ],
        "answer,author,count": [[one_of("gift", chance), one_of("person", chance), "3"] for _ in range(60)],
        "en,de": [[f"a house {at}", f"a house {at}" if at % 4 else f"ein Haus {at}"] for at in range(60)],
    }
    for head, rows in tables.items():
        dataset = load(as_table(tmp_path / "a.csv", head, rows))
        assert len(dataset.items) == 60, head
        assert dataset.given is None, head


def test_two_columns_of_unlike_things_are_refused_with_the_graph_as_a_cure(tmp_path) -> None:
    rows = [[f"u{at % 7}", f"p{at % 5}"] for at in range(40)]
    path = as_table(tmp_path / "a.csv", "user,product", rows)
    with pytest.raises(NothingUsable, match="--read as=graph"):
        load(path)
    assert load(path, choices={"as": "graph"}).given is not None


def test_the_one_column_of_amounts_is_offered_as_the_weight_of_edges(tmp_path: Path) -> None:
    chance = random.Random(4)
    makes = {
        "mails": lambda: str(chance.randint(1, 30)),
        "sent": lambda: f"{chance.randint(1, 90)}.5",
        "when": lambda: one_of("date", chance),
        "about": lambda: one_of("kind", chance),
        "zeros": lambda: str(chance.randint(0, 3)),
    }
    offers = {"mails": "mails", "sent,about": "sent", "mails,sent": "", "when,about": "", "zeros": "", "weight": ""}
    for columns, offered in offers.items():
        names = columns.split(",")
        rows = [[*chance.sample(PEOPLE, 2), *(makes.get(name, makes["mails"])() for name in names)] for _ in range(60)]
        path = as_table(tmp_path / "edges.csv", f"source,target,{columns}", rows)
        found = next(one for one in load(path, choices={"as": "graph"}).choices if one.name == "weight")
        assert (found.sure, found.why.startswith(offered)) == (not offered, True), (columns, found)
        assert found.value == ("weight" if columns == "weight" else "none")
        if offered:
            heavy = load(path, choices={"as": "graph", "weight": offered})
            assert "weighted degree" in heavy.table.columns


@pytest.mark.parametrize(
    ("head", "leads"),
    [
        *((head, True) for head in ("source,target", "FromNodeId,ToNodeId", "sender,recipient", "mailFrom,mailTo")),
        *((head, True) for head in ("Parent company,Child company", "von,nach", "citing,cited", "manager,employee")),
        *((head, False) for head in ("person,friend", "node1,node2", "id_1,id_2", "a,b", "name 1,name 2")),
        *((head, False) for head in ("left,right", "Freund,Freundin", "source 1,source 2", "actor,partner,weight")),
    ],
)
def test_pairs_whose_columns_name_no_direction_are_linked_both_ways(tmp_path, head, leads) -> None:
    chance = random.Random(4)
    pairs = [[*chance.sample(PEOPLE, 2), "2"][: len(head.split(","))] for _ in range(40)]
    asked = {"as": "graph"}
    dataset = load(as_table(tmp_path / "a.csv", head, pairs), choices=asked)
    assert ({LINKS_TO, LINKED_FROM} <= set(dataset.table.columns)) == leads
    assert (LINKS in dataset.table.columns) != leads
    told = next(choice for choice in dataset.choices if choice.name == "edges")
    other = {"directed": "undirected", "undirected": "directed"}[told.value]
    assert (LINKS in load(tmp_path / "a.csv", choices={**asked, "edges": other}).table.columns) == leads
