"""What is written as elsewhere is refused with what is written here; and a line that cannot be read is told of once."""

import pytest

from backprop_tui.scenario import ScenarioError, parse

FILE = """format = 1
[model]
forward = '''
{}
'''
sizes = {{ T = 3 }}
[model.parameters]
W = [[0.5, 1.0, 1.5], [1.0, -1.0, 0.5]]
[model.inputs]
x = {{ shape = [3] }}
s = {{ shape = ["T", 2] }}
c = {{ shape = [], classes = 2 }}
[data]
x = [1, 2, 3]
s = [[1, 2], [3, 4], [5, 6]]
c = 0
[optimizer]
name = "sgd"
learning_rate = 0.1
"""
INSTEAD = {
    "L = sum((W @ x)^2)": "4:9: '(W @ x)^2' is not part of a formula (did you mean a ** b?)",
    "L = sum(np.exp(W @ x))": "4:9: 'np.exp(W @ x)' is not part of a formula (did you mean exp(…)?)",
    "L = (W @ x).sum()": "4:5: '(W @ x).sum()' is not part of a formula (did you mean sum(…)?)",
    "L = sum(W.t() @ s[1])": "4:9: 'W.t()' is not part of a formula (did you mean a.T?)",
    "L = sum(W @ x if W else x)": (
        "4:9: 'W @ x if W else x' is not part of a formula (did you mean where(a > b, c, d)?)"
    ),
    "L = sum(W @ x + [1, 2])": (
        "4:17: '[1, 2]' is not part of a formula (a list of numbers has a name, under [model.given])"
    ),
    "L = sum(matmul(W, x))": "4:9: there is no function 'matmul' (did you mean a @ b?)",
    "L = sum(ReLU(W @ x))": "4:9: there is no function 'ReLU' (did you mean relu?)",
    "L = sum(W @ x, 1)": "4:5: sum takes 1 operand, not 2 (a setting has its name: axis=)",
    "L = sum(W.T @ s[0])": "4:15: there is no s[0]: s has s[1] to s[3]",
    "L = -log((W @ x)[c])": "4:18: c has classes: pick(a, c) takes the number of each one's class",
    "L = sum(W @ x) + lambda * sum(W)": (
        "4:18: 'sum(W @ x) + lambda * sum(W)' is not a formula: 'lambda' cannot be a name"
    ),
}
ONCE = {
    "z = W x\nL = sum(z)": "4:7",
    "z[1 = W @ x\nL = sum(z)": "4:1",
    "for t in range(T):\n    a[t] = W.T @ s[t]\nL = sum(a1) + sum(a[2])": "4:10",
    "for t in 1..T + :\n    a[t] = W.T @ s[t]\nL = sum(a1) + sum(a[2])": "4:10",
    "for t in 1..T:\n    a[t] = W.T s[t]\n    b[t] = a[t] + 1\nL = sum(b[3])": "5:16",
}


def problems(text: str) -> list[str]:
    """What is wrong with a text."""
    with pytest.raises(ScenarioError) as raised:
        parse(FILE.format(text).encode(), "text.toml")
    return str(raised.value).splitlines()


@pytest.mark.parametrize("text", INSTEAD)
def test_what_is_written_instead_is_said(text: str) -> None:
    assert f"text.toml:{INSTEAD[text]}" in [one.replace("model.forward: ", "") for one in problems(text)]


@pytest.mark.parametrize("text", ONCE)
def test_of_what_reads_a_wrong_line_nothing_is_said(text: str) -> None:
    found = [one for one in problems(text) if "model.forward" in one]
    assert [one.split(": ")[0] for one in found] == [f"text.toml:{ONCE[text]}"]


def test_no_variable_is_called_as_a_word_of_python() -> None:
    found = FILE.format("L = sum(W @ x)").replace("[model.inputs]", "[model.given]\nlambda = 1.0\n[model.inputs]")
    with pytest.raises(ScenarioError, match="'lambda' cannot be a name, since Python reads the formulas"):
        parse(found.encode(), "text.toml")
