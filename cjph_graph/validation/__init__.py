"""From files to findings with line, hint and explanation."""
