"""What explains a number."""

from backprop_tui.tui.actions.commanding import Commanding


class Explaining(Commanding):
    """The commands that explain the selected number, or what was computed last."""

    def action_gradcheck(self) -> None:
        self.pending = ""
        selection, operation = self.debugger.selection, self.debugger.moment().operation
        chosen = str(selection) if selection else operation.name if operation else ""
        if chosen:
            self.command(f"gradcheck {chosen}")
        else:
            self.say("select a gradient, or what has one")
            self.show()
