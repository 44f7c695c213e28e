"""`cjph list`: values to look up."""

from support.commands import cjph

from cjph_graph.home import find_home

_HOME = find_home()


def test_values_are_listed_with_their_labels() -> None:
    done = cjph(_HOME, "list", "places", "spring", "--format", "csv")
    assert done.returncode == 0
    assert "springfield-or,Springfield\n" in done.stdout
    assert cjph(_HOME, "list", "sex").stdout.splitlines()[2].split() == ["all", "All", "sexes"]


def test_without_a_name_all_lists_are_named() -> None:
    names = [line.split(",")[0] for line in cjph(_HOME, "list", "--format", "csv").stdout.split()]
    assert {"interventions", "approach", "places"} <= set(names)


def test_what_is_not_there_is_said_with_what_is_near() -> None:
    done = cjph(_HOME, "list", "aproach")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean approach?" in done.stderr
    done = cjph(_HOME, "list", "approach", "zeppelin")
    assert (done.returncode, "zeppelin" in done.stderr) == (2, True)
