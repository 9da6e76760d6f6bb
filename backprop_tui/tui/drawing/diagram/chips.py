"""The units of a column as chips: numbers on a ground of their own; what flows back is a second chip, the bias a number
beside; and the loss behind the last of them.
"""

import math
from typing import NamedTuple

from rich.style import Style

from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.diagram_styles import ChipStyles, Emphasis, emphasised
from backprop_tui.tui.drawing.diagram.picture import Column, Node
from backprop_tui.tui.drawing.diagram.plan import PAD, LossPlace
from backprop_tui.tui.drawing.diagram.scene import Scene, short
from backprop_tui.tui.drawing.diagram.unit_rows import Kind
from backprop_tui.tui.drawing.glyphs import ASKED

BOTH = 17  # cells of a bias before and after its update: −1.5084 → −1.5091
BIAS = "b"
LIT = Emphasis.LIT


class Number(NamedTuple):
    """What is written in a chip: a number, its decimals, and the cells that it has."""

    value: float | None
    decimals: int
    room: int


def draw_chips(scene: Scene, index: int) -> None:
    """Draws the units of one column and makes them answer to the mouse."""
    column, rows, place = scene.picture.columns[index], scene.plan.rows[index], scene.plan.places[index]
    outline = scene.plan.outlines.columns[index]
    for unit, row in enumerate(rows.at):
        y = scene.plan.top + row
        _chip(scene, Node(index, unit), place.chip, y, column.value(unit), scene.styles.chips)
        if place.names:
            _name(scene, index, unit, y)
        _other(scene, Node(index, unit), (place.other, y), column.value(unit), column.other(unit))
        _state(scene, index, unit, y)
        if outline.deltas and (column.deltas is not None or column.asked == "deltas"):
            under = y + 1 if rows.below else y
            address = Node(index, unit, "deltas")
            _chip(scene, address, place.delta, under, column.delta(unit), scene.styles.delta_chips)
            _other(scene, address, (place.other, under), column.delta(unit), column.other(unit, delta=True))
        if outline.bias:
            _bias(scene, index, unit, y)


def _name(scene: Scene, index: int, unit: int, y: int) -> None:
    """What a unit is called: left of an input, over any other; an output that has a name has it behind it."""
    place, outline, rows = scene.plan.places[index], scene.plan.outlines.columns[index], scene.plan.rows[index]
    own = f"{scene.picture.columns[index].label.split(' ')[0]}[{unit}]"
    style = emphasised(scene.styles.name, min(scene.emphasis(Node(index, unit)), LIT))
    if index == 0:
        name = short(scene.glyphs.text(outline.names[unit] if outline.names else own), place.names, scene.glyphs)
        x = place.name + place.names - width_of(name)
    elif rows.above and not outline.names and outline.own_name:
        name, x, y = short(scene.glyphs.text(own), outline.own_name, scene.glyphs), place.chip, y - 1
    else:
        return
    scene.canvas.write(x, y, name, style)
    scene.answer(x, y, width_of(name), Node(index, unit))


def _chip(scene: Scene, address: Node, x: int, y: int, value: float | None, styles: ChipStyles) -> None:
    place = scene.plan.places[address.column]
    _write_chip(scene, address, (x, y), Number(value, place.decimals, place.room), styles)


def _write_chip(scene: Scene, address: Node, at: tuple[int, int], number: Number, styles: ChipStyles) -> None:
    style, room = styles[scene.emphasis(address)], number.room
    left, right = styles.ends
    text = ASKED if scene.asks(address) else scene.writer(*number)
    odd = number.value is not None and not math.isfinite(number.value)
    padded = f"{left * PAD}{' ' * (room - width_of(text))}{text}{right * PAD}"
    scene.canvas.write(*at, padded, style + Style(underline=True, bold=True) if odd else style)
    scene.answer(*at, room + 2 * PAD, address)


def _other(scene: Scene, address: Node, at: tuple[int, int], right: float | None, value: float | None) -> None:
    """Draws what a number is in a mistaken run behind it: that alone is in the colour of what is wrong."""
    x, y = at
    if value is None or x < 0:
        return
    place, emphasis = scene.plan.places[address.column], min(scene.emphasis(address), LIT)
    scene.canvas.write(x, y, f"{scene.glyphs.other} ", emphasised(scene.styles.name, emphasis))
    text = scene.writer.beside(right, value, place.decimals, place.room)
    scene.canvas.write(x + 2, y, text, emphasised(scene.styles.odd, emphasis))


def _state(scene: Scene, index: int, unit: int, y: int) -> None:
    """Says why a unit passes nothing on, before its edges."""
    x, word = scene.state(index, unit)
    if word:
        emphasis = min(scene.emphasis(Node(index, unit)), LIT)
        scene.canvas.write(x, y, word, emphasised(scene.styles.off, emphasis))


def _bias(scene: Scene, index: int, unit: int, y: int) -> None:
    column, rows, place = scene.picture.columns[index], scene.plan.rows[index], scene.plan.places[index]
    outline = scene.plan.outlines.columns[index]
    is_shared = column.biases is not None and len(column.biases) == 1
    address = Node(index, 0 if is_shared else unit, "bias")
    value, before = column.bias(unit), column.bias(unit, before=True)
    asked = column.asked == "bias"
    if (value is None and not asked) or not (rows.above or place.bias >= 0):
        return
    decimals = scene.plan.outlines.decimals
    named = outline.own_name + 1 if place.names and index and not outline.names and outline.own_name else 0
    room = place.chip_width - named - 2 if rows.above else max(outline.bias, outline.beside) - 2
    said = ASKED if asked or value is None else scene.writer.short(value, room, decimals)
    text = f"{scene.glyphs.text(column.bias_label)} {said}"
    if before is not None and value is not None and rows.above:
        joint, room = f" {scene.glyphs.becomes} ", min(BOTH, _free_until(scene, index) - place.chip - named)
        both = scene.writer.change(before, value, joint, room, decimals) or text
        text = f"{both.partition(joint)[0]}{joint}{ASKED}" if asked and both != text else both
    emphasis = scene.emphasis(address)
    role = _bias_role(scene, column, value) if emphasis > Emphasis.NORMAL else scene.styles.name
    if rows.above:
        x, y = max(place.chip + place.chip_width - width_of(text) - 1, place.chip + named), y - 1
    else:
        x = place.chip - width_of(text) - 1
    if x < 0:
        return
    scene.canvas.write(x - 1, y, " " * (width_of(text) + 2), role)  # lines that pass there keep off
    scene.canvas.write(x, y, text, emphasised(role, emphasis))
    scene.answer(x, y, width_of(text), address)


def _bias_role(scene: Scene, column: Column, value: float | None) -> Style:
    """The style of a bias that is in use: as that of a weight, by its sign, or that of what flows back."""
    if column.bias_label != BIAS:
        return scene.styles.delta
    return scene.styles.value if not value else scene.styles.negative if value < 0 else scene.styles.positive


def _free_until(scene: Scene, index: int) -> int:
    """The first cell right of a column over which the lines to L are drawn, or a map or a table of weights."""
    plan = scene.plan
    if index < len(plan.places) - 1:
        gap = plan.gaps[index + 1]
        return gap.left if gap.is_map or gap.cells else plan.width
    return plan.loss.bus if plan.loss is not None and len(plan.rows[index].at) > 1 else plan.width


def draw_loss(scene: Scene) -> None:
    """Draws the lines from the outputs to the loss, the outputs' names and targets on them, and the loss."""
    loss, plan, last = scene.picture.loss, scene.plan, len(scene.picture.columns) - 1
    place, rows = plan.loss, plan.rows[last]
    if place is None:
        return
    address = Node(last + 1, 0, "loss")
    emphasis = Emphasis.LIT if loss.lit else scene.rest
    y = plan.top + place.row
    chips = rows.kind is Kind.CHIPS
    at = [plan.top + row for row in rows.at] if chips else [y]
    _bus(scene, place, at, emphasis)
    if chips:
        for unit, row in enumerate(at):
            _behind(scene, place, unit, row)
    else:
        _class_asked(scene, place, y + 1)
    _write_chip(
        scene, address, (place.chip, y), Number(loss.value, plan.outlines.decimals, place.room), scene.styles.chips
    )
    if loss.other is not None:
        wrong = scene.writer.beside(loss.value, loss.other, plan.outlines.decimals, place.room)
        beside_target = y in at and (rows.below or not chips)  # whose other value it would seem to be
        under = y - 1 if beside_target and y > plan.top else y + 1
        scene.canvas.write(place.chip, under, f"{scene.glyphs.other} {wrong}", emphasised(scene.styles.odd, emphasis))


def _bus(scene: Scene, place: LossPlace, at: list[int], emphasis: Emphasis) -> None:
    """The outputs' lines, the line at which they meet, and the way from there to the loss."""
    glyphs, style, y = scene.glyphs, emphasised(scene.styles.zero, emphasis), scene.plan.top + place.row
    for row in at:
        scene.canvas.write(place.left, row, glyphs.rule * (place.bus - place.left), style)
    top, bottom = min([*at, y]), max([*at, y])
    for row in range(top, bottom + 1):
        scene.canvas.write(place.bus, row, glyphs.joint(up=row > top, down=row < bottom, left=row in at), style)
    if top == bottom:
        scene.canvas.write(place.bus, y, glyphs.rule, style)
    elif y not in at:
        scene.canvas.write(place.bus, y, glyphs.tee, style)
    else:
        scene.canvas.write(place.bus, y, glyphs.cross, style)


def _class_asked(scene: Scene, place: LossPlace, y: int) -> None:
    """Which output of a strip the target asks for, under the line to L: the one that is 1 where all others are 0."""
    loss, last = scene.picture.loss, len(scene.picture.columns) - 1
    if loss.targets is None or sorted(set(loss.targets.tolist())) != [0.0, 1.0] or loss.targets.sum() != 1.0:
        return
    unit, names = int(loss.targets.argmax()), scene.plan.outlines.columns[last].names
    room = place.chip - place.left
    text = short(f"{scene.glyphs.text(loss.target_label)} {names[unit] if names else f'[{unit}]'}", room, scene.glyphs)
    address = Node(last + 1, unit, "target")
    x = place.left + (width_of(text) < room)
    scene.canvas.write(x, y, text, emphasised(scene.styles.value, scene.emphasis(address)))
    scene.answer(x, y, width_of(text), address)


def _behind(scene: Scene, place: LossPlace, unit: int, y: int) -> None:
    """What an output is called, on its line; and its target, under the line where there is a row for it."""
    loss, plan, last = scene.picture.loss, scene.plan, len(scene.picture.columns) - 1
    rows, column = plan.rows[last], plan.outlines.columns[last]
    x, widest = place.left + 1, plan.places[last].names if column.names else 0
    if widest:
        name = short(scene.glyphs.text(column.names[unit]), widest, scene.glyphs)
        emphasis = min(scene.emphasis(Node(last, unit)), LIT)
        scene.canvas.write(x - 1, y, f" {name} ", emphasised(scene.styles.name, emphasis))
        x += widest + 1
    if loss.targets is None:
        return
    value = float(loss.targets[unit]) + 0.0
    label = scene.glyphs.text(loss.target_label)
    text = f"{label} {scene.writer.short(value, plan.outlines.target - width_of(label) - 1, plan.outlines.decimals)}"
    x, y = (place.left + 1, y + 1) if rows.below else (x, y)
    address = Node(last + 1, unit, "target")
    scene.canvas.write(x, y, text, emphasised(scene.styles.value, scene.emphasis(address)))
    scene.answer(x, y, width_of(text), address)
