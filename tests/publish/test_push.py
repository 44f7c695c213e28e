"""`cjph push`: all of a graph or nothing of it, whatever happens on the way."""

import itertools
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple
from support.commands import cjph
from support.serving import YES, Answer, Asked, Server, alone, serving, store_written

from cjph_graph.errors import EndpointError, InputError, LimitError, UsageError
from cjph_graph.home.location import Home
from cjph_graph.publish import push as pushing
from cjph_graph.publish.push import ASIDE, Pushed, batches, gather, push_graph
from cjph_graph.remote.graph_store import GraphStore, guess_addresses
from cjph_graph.system.limits import limits
from cjph_graph.system.progress import listening

_GRAPH = "https://example.org/graph/"
_OLD = Triple(NamedNode("http://e/old"), NamedNode("http://e/p"), Literal("old"))


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    alone(monkeypatch, tmp_path)


@pytest.fixture
def there() -> Store:
    """Return a store with an old graph in it."""
    store = Store()
    store.add(Quad(*_OLD, NamedNode(_GRAPH)))
    store.add(Quad(*_OLD, NamedNode("http://e/other")))
    return store


def _held(store: Store, graph: str = _GRAPH) -> set[Triple]:
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(graph))}


def _triples(count: int) -> list[Triple]:
    made = [
        Triple(
            NamedNode(f"http://e/{n}"), NamedNode("http://e/p"), Literal(f"é\n{n}", language="en")
        )
        for n in range(count)
    ]
    for n in range(0, count, 3):
        node = BlankNode()
        made.insert(n, Triple(NamedNode(f"http://e/{n}"), NamedNode("http://e/q"), node))
        made.append(Triple(node, NamedNode("http://e/r"), Literal(str(n))))
    return made


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushing, "_IN_GRAPH", 20)
    monkeypatch.setattr(pushing, "_IN_UPDATE", 20)


def _url(server: Server) -> str:
    return f"{server.base}/query"


@pytest.mark.parametrize("graphs", [True, False])
@pytest.mark.usefixtures("small")
def test_a_graph_takes_the_place_of_the_old_one(graphs: bool, there: Store) -> None:
    answer = store_written(there)
    triples = _triples(100)
    told: list[tuple[str, int, int]] = []

    def refusing(asked: Asked) -> Answer:
        if asked.target.startswith("/store") and not graphs:
            return Answer(b"", 404)
        # Nobody sees a part at any time.
        assert _held(there) == {_OLD} or len(_held(there)) == len(triples)
        return answer(asked)

    with serving(refusing) as server, listening(lambda *said: told.append(said)):
        for _ in range(2):
            server.asked.clear()
            done = push_graph(triples, _store(server), _GRAPH)
            assert (done.graph, done.sent, done.held) == (_GRAPH, 168, 168)
            assert len(_held(there)) == 168
            assert _aside(there) == []
            sent = [asked for asked in server.asked if asked.target.startswith("/store")]
            assert len(sent) == (9 if graphs else 1)
        linked = there.query(
            f"SELECT ?b {{ GRAPH <{_GRAPH}> {{ ?s <http://e/q> ?b . ?b <http://e/r> ?o }} }}"
        )
        assert len(list(linked)) == 34  # type: ignore[arg-type]
    assert _held(there, "http://e/other") == {_OLD}
    assert told[0] == ("Sending triples", 0, 168)
    assert told[-1] == ("Sending triples", 168, 168)


def test_a_server_that_takes_nothing_has_nothing_left(there: Store) -> None:
    answer = store_written(there)

    def reading(asked: Asked) -> Answer:
        return answer(asked) if asked.target.startswith("/query") else Answer(b"", 403)

    with serving(reading) as server, pytest.raises(EndpointError) as caught:
        push_graph(_triples(3), _store(server), _GRAPH)
    assert caught.value.hint is not None
    assert caught.value.hint.endswith(f"The graph {_GRAPH} is as it was.")
    assert _held(there) == {_OLD}


def _store(server: Server) -> GraphStore:
    return GraphStore(_url(server), retries=server.retries)


def _aside(store: Store) -> list[str]:
    """Return the graphs aside that are there."""
    names = [graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode)]
    return [name for name in names if name.startswith(_GRAPH + ASIDE)]


Failing = Callable[[Asked, int], Answer | None]


def _fails_at_part(asked: Asked, sent: int) -> Answer | None:
    return Answer(b"disk full", 507) if asked.target.startswith("/store") and sent == 3 else None


def _loses_a_part(asked: Asked, sent: int) -> Answer | None:
    return Answer(b"", 204) if asked.target.startswith("/store") and sent == 3 else None


def _moves_nothing(asked: Asked, sent: int) -> Answer | None:
    return Answer(b"no MOVE here", 500) if b"MOVE" in asked.body else None


def _says_it_moved(asked: Asked, sent: int) -> Answer | None:
    return Answer(b"", 204) if b"MOVE" in asked.body else None


def _calls_an_error_success(asked: Asked, sent: int) -> Answer | None:
    told = Answer(b'{"error": "This store is read-only"}', 200)
    return told if asked.target.startswith("/store") else None


def _counts(body: bytes) -> Failing:
    def failing(asked: Asked, sent: int) -> Answer | None:
        if match := re.search(r"COUNT.*? AS \?(\w+)", asked.query):
            return Answer(body.replace(b"NAME", match[1].encode()))
        return None

    return failing


_NO_NUMBER = b'{"head": {"vars": ["NAME"]}, "results": {"bindings": [%s]}}'


@pytest.mark.parametrize(
    ("failing", "said"),
    [
        (_fails_at_part, "507: disk full"),
        (_loses_a_part, "168 triples were sent, and the store holds 1.. of them"),
        (_moves_nothing, "500: no MOVE here"),
        (_says_it_moved, "says that it moved the graph and did not"),
        (_calls_an_error_success, "This store is read-only"),
        (_counts(_NO_NUMBER % b""), "COUNT"),
        (_counts(_NO_NUMBER % b"{}"), "COUNT"),
        (_counts(YES), "yes or no to a query for rows"),
    ],
)
@pytest.mark.usefixtures("small")
def test_what_fails_leaves_the_old_graph(failing: Failing, said: str, there: Store) -> None:
    answer = store_written(there)
    parts: list[Asked] = []

    def answering(asked: Asked) -> Answer:
        parts.extend([asked] * asked.target.startswith("/store"))
        return failing(asked, len(parts)) or answer(asked)

    with serving(answering) as server:
        with pytest.raises(EndpointError, match=said) as caught:
            push_graph(_triples(100), _store(server), _GRAPH)
        assert str(caught.value.hint).endswith(f"The graph {_GRAPH} is as it was.")
        assert _held(there) == {_OLD}
        assert _aside(there) == []


def _refuses_the_answer(stream: object) -> None:
    """Close the connection without a word."""


_UNCLEAR = [
    Answer(b"<h1>504 Gateway Time-out</h1>", 504, {"Content-Type": "text/html"}),
    Answer(b"busy", 503),
    Answer(b"bad gateway", 502),
    Answer(raw=_refuses_the_answer),
]


@pytest.mark.parametrize("answer", [*_UNCLEAR, Answer(b"boom", 500), Answer(b"no", 400)])
@pytest.mark.usefixtures("small")
def test_a_move_that_was_done_counts_whatever_is_answered(answer: Answer, there: Store) -> None:
    store = store_written(there)

    def answering(asked: Asked) -> Answer:
        done = store(asked)
        return answer if b"MOVE" in asked.body else done

    with serving(answering) as server:
        assert push_graph(_triples(50), _store(server), _GRAPH).held == len(_held(there))
        assert sum(b"MOVE" in asked.body for asked in server.asked) == 1


@pytest.mark.parametrize("answer", _UNCLEAR)
@pytest.mark.usefixtures("small")
def test_a_move_that_is_done_later_counts(answer: Answer, there: Store) -> None:
    store = store_written(there)
    late: list[Asked] = []
    waits: list[float] = []

    def answering(asked: Asked) -> Answer:
        if b"MOVE" in asked.body:
            late.append(asked)
            return answer
        return store(asked)

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if sum(waits) >= 3:
            store(late[0])

    with serving(answering) as server:
        assert push_graph(_triples(50), _store(server), _GRAPH, sleep=sleep).held == len(
            _held(there)
        )
    assert waits == [0.0, 1.0, 2.0]


@pytest.mark.parametrize("answer", _UNCLEAR)
@pytest.mark.usefixtures("small")
def test_a_move_that_nobody_knows_about_keeps_the_graph_aside(answer: Answer, there: Store) -> None:
    store = store_written(there)

    def answering(asked: Asked) -> Answer:
        return answer if b"MOVE" in asked.body else store(asked)

    with (
        serving(answering) as server,
        pytest.raises((EndpointError, LimitError), match="not known whether") as caught,
    ):
        push_graph(_triples(50), _store(server), _GRAPH, sleep=lambda _: None)
    aside = _aside(there)
    assert len(aside) == 1
    assert aside[0] in str(caught.value.hint)
    assert _held(there) == {_OLD}


@pytest.mark.usefixtures("small")
def test_a_move_takes_no_longer_than_is_allowed_and_counts_all_the_same(there: Store) -> None:
    store = store_written(there)
    over = threading.Event()

    def answering(asked: Asked) -> Answer:
        done = store(asked)
        if b"MOVE" in asked.body:
            over.wait(20)
        return done

    with serving(answering) as server:
        try:
            with limits(timeout=1):
                assert push_graph(_triples(50), _store(server), _GRAPH).held == len(_held(there))
        finally:
            over.set()


def test_several_runs_at_once_leave_one_graph_whole(there: Store) -> None:
    own = [_triples(count) for count in (40, 60, 80, 100)]
    store, lock = store_written(there), threading.Lock()
    ready = threading.Barrier(len(own))
    seen: set[int] = set()

    def answering(asked: Asked) -> Answer:
        if b"MOVE" in asked.body:
            with suppress(threading.BrokenBarrierError):
                ready.wait(5)  # all graphs are there before the first is moved
        with lock:
            seen.add(len(_held(there)))
            return store(asked)

    def run(triples: list[Triple]) -> Pushed | EndpointError:
        try:
            return push_graph(triples, _store(server), _GRAPH)
        except EndpointError as error:
            return error

    with serving(answering) as server, ThreadPoolExecutor(len(own)) as pool:
        done = list(pool.map(run, own))
    sizes = {len(triples) for triples in own}
    assert len(_held(there)) in sizes
    assert seen <= sizes | {1}
    assert _aside(there) == []
    assert any(isinstance(result, Pushed) for result in done)
    for result in done:
        assert isinstance(result, Pushed) or "Somebody else may have pushed" in str(result)


@pytest.mark.usefixtures("small")
def test_what_a_killed_run_left_aside_is_removed_on_another_day(
    there: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(store_written(there)) as server:
        store = _store(server)
        add, parts = store.add, iter(range(3))

        def killed(graph: str, triples: list[Triple]) -> None:
            if next(parts) == 2:
                raise SystemExit
            add(graph, triples)

        monkeypatch.setattr(store, "add", killed)
        with pytest.raises(SystemExit):
            push_graph(_triples(100), store, _GRAPH)
        assert _held(there) == {_OLD}
        today = _aside(there)
        assert len(today) == 1
        others = [f"{_GRAPH}{ASIDE}{end}" for end in ("", "-20200101T000000Z-1", "-mine", "s")]
        for name in others:
            there.add(Quad(*_OLD, NamedNode(name)))
        # It may be at work still; and what has another name is somebody else's.
        assert push_graph(_triples(60), _store(server), _GRAPH).held == 100
        assert sorted(_aside(there)) == sorted([*today, *others[2:]])


def test_blank_nodes_that_hang_together_go_together() -> None:
    chain = [BlankNode() for _ in range(30)]
    p = NamedNode("http://e/p")
    triples = [Triple(a, p, b) for a, b in itertools.pairwise(chain)]
    triples += [Triple(BlankNode(), p, Literal(n)) for n in range(30)]
    triples[5:5] = [Triple(NamedNode(f"http://e/{n}"), p, Literal(n)) for n in range(30)]
    made = list(batches(triples, lambda: 10))
    assert sorted(map(len, made), reverse=True)[:2] == [29, 10]
    assert sorted(map(str, (t for batch in made for t in batch))) == sorted(map(str, triples))
    for node in chain:
        assert sum(any(node in (t.subject, t.object) for t in batch) for batch in made) == 1


@pytest.mark.parametrize(
    ("url", "software", "updates", "graphs"),
    [
        (
            "http://h/sparql",
            "virtuoso/07",
            "http://h/sparql-auth",
            "http://h/sparql-graph-crud-auth",
        ),
        ("http://h/sparql/", "virtuoso", "http://h/sparql-auth", "http://h/sparql-graph-crud-auth"),
        ("http://h:1/query", "oxigraph/0.5", "http://h:1/update", "http://h:1/store"),
        ("https://h/ds/query", "apache jena fuseki", "https://h/ds/update", "https://h/ds/data"),
        ("https://h/ds/sparql", "apache jena fuseki", "https://h/ds/update", "https://h/ds/data"),
        (
            "https://h/repositories/r",
            "graphdb",
            "https://h/repositories/r/statements",
            "https://h/repositories/r/rdf-graphs/service",
        ),
        ("https://h/db/query", "stardog", "https://h/db/update", ""),
        ("https://h/sparql", "", "https://h/sparql", ""),
        ("https://h/anything", "nginx", "https://h/anything", ""),
    ],
)
def test_where_the_known_stores_take_what_is_written(
    url: str, software: str, updates: str, graphs: str
) -> None:
    assert guess_addresses(url, software) == (updates, graphs)


@pytest.mark.parametrize(
    ("triples", "graph", "said"),
    [([], _GRAPH, "nothing to push"), ([_OLD], "no iri", "not an IRI")],
)
def test_what_cannot_be_pushed(triples: list[Triple], graph: str, said: str, there: Store) -> None:
    with serving(store_written(there)) as server, pytest.raises(UsageError, match=said):
        push_graph(triples, _store(server), graph)


def test_a_file_that_is_not_turtle_is_not_pushed(home: Home) -> None:
    (home.data / "broken.ttl").write_text("<a", encoding="utf-8")
    with pytest.raises(InputError, match=r"broken\.ttl:1"):
        gather(home)


@pytest.fixture
def served(there: Store) -> Iterator[Server]:
    with serving(store_written(there)) as server:
        yield server


def _told(server: Server) -> list[str]:
    return ["--endpoint", _url(server), "--graph", _GRAPH]


_RULE = """\
@prefix ex: <https://example.org/terms#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:Rule a sh:NodeShape ; sh:targetClass ex:River ; sh:property ex:KmRule .
ex:KmRule sh:path ex:km ; sh:maxExclusive 100 .
"""
_LONG = (
    "<https://example.org/waters/long> a <https://example.org/terms#River> ;"
    " <https://example.org/terms#km> 100 ."
)


def test_the_command_pushes_what_conforms_and_files_with_it(
    home: Home, served: Server, there: Store
) -> None:
    home.shapes.write_text(_RULE, encoding="utf-8")
    done = cjph(home, "push", *_told(served))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{len(gather(home))} triples are in {_GRAPH}.\n"
    assert _held(there) == set(_normalised(gather(home)))

    more = home.path / "more.ttl"
    more.write_text(_LONG.replace("100", "99"), encoding="utf-8")
    assert cjph(home, "push", "more.ttl", *_told(served)).returncode == 0
    assert len(_held(there)) == len(gather(home)) + 2


def _normalised(triples: tuple[Triple, ...]) -> list[Triple]:
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    return [quad.triple for quad in store]


@pytest.mark.parametrize("inside", [True, False])
def test_data_that_break_the_rules_are_refused_unless_told(
    inside: bool, home: Home, served: Server, there: Store
) -> None:
    home.shapes.write_text(_RULE, encoding="utf-8")
    path = (home.data if inside else home.path) / "long.ttl"
    path.write_text(_LONG, encoding="utf-8")
    files = [] if inside else ["long.ttl"]
    done = cjph(home, "push", *files, *_told(served))
    assert (done.returncode, done.stdout) == (1, "")
    assert "Nothing was pushed" in done.stderr
    assert "Run `cjph validate`" in done.stderr
    assert served.asked == []
    assert _held(there) == {_OLD}
    assert cjph(home, "push", *files, "--even-if-broken", *_told(served)).returncode == 0
    assert len(_held(there)) == len(gather(home)) + (0 if inside else 2)


def test_a_store_and_a_graph_are_named(home: Home) -> None:
    for arguments in ([], ["--endpoint", "http://127.0.0.1:1/"]):
        done = cjph(home, "push", *arguments)
        assert done.returncode == 2
        assert "--endpoint URL --graph IRI" in done.stderr
