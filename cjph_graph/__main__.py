"""`python -m cjph_graph` is `cjph`."""

from cjph_graph.cli import process


def main() -> None:
    """Run the command line and end the process."""
    process.prepare()  # before what is slow to import, as Ctrl-C may come at any moment
    from cjph_graph.cli.main import run

    run()


if __name__ == "__main__":
    main()
