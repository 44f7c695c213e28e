"""From people's files to Turtle: forms, spreadsheets, tables of statistics, a new home."""
