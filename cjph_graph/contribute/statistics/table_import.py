"""The outcome of importing a table of statistics."""

from dataclasses import dataclass, field
from pathlib import Path

from cjph_graph.contribute.drafts import CellFinding, SheetCell


@dataclass
class TableImport:
    """What came of a table.

    `new`, `same` and `changed` count observations. `files` are whole files to write; `staged` are
    files that lie beside the ones they stand for. `checked` is how many the rules have seen, and
    `places` are the cells of these. `warning` is about the file of the table.
    """

    findings: list[CellFinding]
    files: dict[Path, bytes] = field(default_factory=dict)
    staged: dict[Path, Path] = field(default_factory=dict)
    new: int = 0
    same: int = 0
    changed: list[str] = field(default_factory=list)
    checked: int = 0
    places: dict[str, SheetCell] = field(default_factory=dict, repr=False)
    warning: str = ""

    @property
    def errors(self) -> int:
        """How many findings keep the table from going in."""
        return sum(finding.severity == "error" for finding in self.findings)

    @property
    def summary(self) -> str:
        """The figures counted, without a full stop."""
        said = f"{self.new} new, {len(self.changed)} changed, {self.same} there already"
        if self.checked < self.new:
            said += f"; the first {self.checked} were checked by the rules"
        return f"{said}; {self.errors} {'error' if self.errors == 1 else 'errors'}"

    def discard(self) -> None:
        """Remove what lies beside the real files."""
        for beside in self.staged.values():
            beside.unlink(missing_ok=True)

    def exchange(self) -> None:
        """Put what lies beside the real files in their place."""
        for path, beside in self.staged.items():
            beside.replace(path)
