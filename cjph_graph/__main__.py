"""`python -m cjph_graph` is `cjph`."""

import signal

# Before anything else, as importing it takes a moment: Ctrl-C ends the process, in silence.
signal.signal(signal.SIGINT, signal.SIG_DFL)


def main() -> None:
    """Run the command line and end the process."""
    from cjph_graph.cli.main import main as run

    run()


if __name__ == "__main__":
    main()
