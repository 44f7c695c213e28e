"""The command line: a module per command, and one for the process they run in."""
