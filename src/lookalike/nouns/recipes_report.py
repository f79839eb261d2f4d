"""What `recipes` answers."""

from dataclasses import dataclass

from lookalike.nouns.recipe import Recipe
from lookalike.nouns.report import Table


@dataclass(frozen=True, slots=True)
class RecipesReport:
    """The recipes that are known by name.

    Attributes:
        recipes: in the order of their names.
    """

    recipes: tuple[Recipe, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        header, rows = self.to_table()
        return {"recipes": [dict(zip(header, row, strict=True)) for row in rows]}

    def to_table(self) -> Table:
        """One row for each recipe; `data` is empty where --data has to say."""
        header = ("name", "summary", "data", "published")
        return header, [(r.name, r.summary, r.data.source, r.published) for r in self.recipes]
