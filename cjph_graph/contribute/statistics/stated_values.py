"""What a mapping says about rows, columns and figures, ready to be written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cjph_graph.contribute.forms import Field
from cjph_graph.contribute.numbers import NumberFormat
from cjph_graph.contribute.statistics.mapping import Described


@dataclass(frozen=True)
class StatedValues:
    """Values of properties: as Turtle text, and the IRI of a link.

    `texts` has each by its property and, behind a `-`, the part of a name that it makes.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    iris: Mapping[str, str] = field(default_factory=dict)

    def joined(self, more: "StatedValues") -> "StatedValues":
        """Return both together; where they differ, `more` counts."""
        return StatedValues({**self.texts, **more.texts}, {**self.iris, **more.iris})

    @cached_property
    def paths(self) -> frozenset[str]:
        """The properties that have a value."""
        return frozenset(self.texts)

    @cached_property
    def distinct(self) -> tuple[tuple[str, str], ...]:
        """What tells it from another."""
        return tuple(sorted(self.texts.items()))


# Stands for a row that can't be read.
TROUBLE = StatedValues()


@dataclass(frozen=True)
class FigureColumn:
    """A column of figures: where it stands, and what holds for all of them.

    `form` is how they are printed; `status_at` is the column that says why there is none.
    """

    at: int
    title: str
    said: StatedValues
    form: NumberFormat = field(default_factory=NumberFormat)
    status_at: int | None = None

    @cached_property
    def is_plain(self) -> bool:
        """Whether a number as programs write it can be taken as it is."""
        return self.form.is_plain and self.status_at is None


@dataclass(frozen=True)
class LabelColumn:
    """Columns that say what a row is about: the first that has something, or all joined."""

    number: int
    described: Described
    fields: tuple[Field, ...]
    at: tuple[int, ...]
