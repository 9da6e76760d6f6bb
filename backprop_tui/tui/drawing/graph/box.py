"""Box characters from the arms of a cell."""

UP, RIGHT, DOWN, LEFT = ARMS = (1, 2, 4, 8)
# by the weights (none, light, heavy) of the arms up, right, down, left, the last changing fastest
_BOXES = " ╴╸╷╮┑╻┒┓╶─╾╭┬┭┎┰┱╺╼━┍┮┯┏┲┳╵╯┙│┤┥╽┧┪╰┴┵├┼┽┟╁╅┕┶┷┝┾┿┢╆╈╹┚┛╿┦┩┃┨┫┖┸┹┞╀╃┠╂╉┗┺┻┡╄╇┣╊╋"


def box(arms: int, heavy: int = 0, *, ascii_only: bool = False) -> str:
    """The character with these arms, some of them heavy."""
    if ascii_only:
        every = arms | heavy
        if every & (UP | DOWN) and every & (LEFT | RIGHT):
            return "+"
        return "|" if every & (UP | DOWN) else "=" if heavy else "-"
    place = 0
    for arm in ARMS:
        place = 3 * place + (2 if heavy & arm else 1 if arms & arm else 0)
    return _BOXES[place]
