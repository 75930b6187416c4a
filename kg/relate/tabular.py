"""Numbers in tables → what they are about and what they measure: row × column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.model import Cell, Entity, Mention
    from kg.recognize.quantities import Quantity
    from kg.relate.scene import Scene

_HALF = 0.5  # of a label that a name must fill to be what the row or column is about


class Tabular:
    """The cells of a document's tables.

    >>> from kg.model import Cell, Document, Span
    >>> document = Document("a", "某厂，工人12名。", "", cells=(Cell(Span(5, 7), Span(0, 2), Span(3, 5)),))
    >>> Tabular(document.cells).cell(Span(5, 7)).column.of(document.text)
    '工人'
    """

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._cells = {cell.number.begin: cell for cell in cells}

    def cell(self, number: Span) -> Cell | None:
        """The cell in which `number` stands."""
        return self._cells.get(number.begin)

    def is_nameless(self, number: Span) -> bool:
        """Whether `number` stands in a row that adds others up."""
        cell = self.cell(number)
        return cell is not None and cell.row is None and cell.column is None

    def about(self, scene: Scene, quantity: Quantity) -> tuple[Entity, Mention] | None:
        """What names the row or the column of `quantity`: the name that fills most of its label, the row's at a tie."""
        cell = self.cell(quantity.number)
        if cell is None:
            return None
        found = [
            (-len(mention.span) / len(label), at, mention.span, mention, entity)
            for at, label in enumerate((cell.row, cell.column))
            if label
            for mention, entity in scene.within(label)
            if label.covers(mention.span)
        ]
        full = [each for each in found if -each[0] >= _HALF]
        named = full or [each for each in found if each[1] == 0]
        if not named:
            return None
        _, _, _, mention, entity = min(named, key=lambda each: each[:3])
        return entity, mention

    def measure(self, text: str, quantity: Quantity, mention: Mention) -> Span | None:
        """The label that is not what the number is about; of a row that tells both, the words behind the name."""
        cell = self.cell(quantity.number)
        if cell is None:
            return None
        other = cell.column if cell.row and cell.row.covers(mention.span) else cell.row
        if other is None and cell.row:
            other = Span(mention.span.end, cell.row.end)
        return other if other and other.of(text).strip() else None
